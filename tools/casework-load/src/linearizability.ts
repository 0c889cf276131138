/**
 * Whether what clients saw of an object while they used it at the same time could have come from using it one after the other.
 *
 * Just-in-time linearization with memoisation: G. Lowe, "Testing for linearizability", Concurrency and Computation: Practice and
 * Experience 29(4), 2017, on the search of J. M. Wing and C. Gong, "Testing and verifying concurrent objects", Journal of Parallel
 * and Distributed Computing 17, 1993. That each key is checked by itself (M. Herlihy and J. M. Wing, 1990: linearizability is
 * local), and models as functions, are as in A. Athalye's porcupine.
 */

/** What a client asked of the object that `key` names, and what it heard. */
export interface Operation<Input, Output> {
  readonly key: string;
  /** Plain data: equal inputs are equal as JSON. */
  readonly input: Input;
  /** By one clock for all operations, which never goes back; in any unit. */
  readonly invokedAt: number;
  /** Undefined where the client never heard what became of it: it may take effect at any time from then on, or never. */
  readonly answer: { readonly at: number; readonly output: Output } | undefined;
}

/** An object that is used by one client alone. */
export interface SequentialModel<State, Input, Output> {
  readonly initial: (key: string) => State;
  /**
   * The states in which the operation may leave the object; none where this output does not go with this state. Without an output,
   * those of all outputs that it may have had.
   */
  readonly step: (state: State, input: Input, output: Output | undefined) => readonly State[];
  /** The same for equal states, and for no others. */
  readonly identify: (state: State) => string;
}

export type Verdict<State, Input, Output> =
  | { readonly verdict: 'linearizable'; readonly operations: number }
  | {
      readonly verdict: 'not_linearizable';
      readonly key: string;
      /** The first by its answer that has no place behind those that were answered before. */
      readonly operation: Operation<Input, Output>;
      /** In which states those before may have left the object. */
      readonly states: readonly State[];
      /** Those that were under way at its answer, or whose outcome is unknown: any of them may be in `states`, or not. */
      readonly underWay: readonly Operation<Input, Output>[];
    }
  /** Too many ways to order the operations of this key: nothing is known about it. */
  | { readonly verdict: 'undecided'; readonly key: string; readonly configurations: number };

/** So many ways in which the operations up to one answer may have gone, for one key. Each takes some hundred bytes. */
const configurationsMaxDefault = 100_000;

export interface CheckOptions {
  readonly configurationsMax?: number;
}

/** Checks each key by itself. The first key that is not linearizable is the verdict; one that is undecided, if no other is not. */
export function checkLinearizability<State, Input, Output>(
  model: SequentialModel<State, Input, Output>,
  history: readonly Operation<Input, Output>[],
  { configurationsMax = configurationsMaxDefault }: CheckOptions = {},
): Verdict<State, Input, Output> {
  let undecided: Verdict<State, Input, Output> | undefined;
  for (const [key, operations] of byKey(history)) {
    const verdict = checkOne({ model, configurationsMax }, key, operations);
    if (verdict?.verdict === 'not_linearizable') return verdict;
    undecided ??= verdict;
  }
  return undecided ?? { verdict: 'linearizable', operations: history.length };
}

function byKey<Input, Output>(history: readonly Operation<Input, Output>[]): Map<string, Operation<Input, Output>[]> {
  const found = new Map<string, Operation<Input, Output>[]>();
  for (const operation of history) {
    if (operation.answer !== undefined && !(operation.answer.at >= operation.invokedAt)) {
      throw new RangeError('An operation was answered before it was invoked: its times are not of one clock.');
    }
    const same = found.get(operation.key);
    if (same === undefined) found.set(operation.key, [operation]);
    else same.push(operation);
  }
  return found;
}

/** One way in which it may have gone so far: the state, and which of the operations under way have taken effect. */
interface Configuration<State> {
  readonly state: State;
  /** Those whose answer is still to come: by their numbers, ascending. */
  readonly taken: readonly number[];
  /** Those of unknown outcome, in any order. */
  readonly spent: readonly number[];
}

interface Search<State, Input, Output> {
  readonly model: SequentialModel<State, Input, Output>;
  readonly configurationsMax: number;
}

/** Undefined where the operations of this key are linearizable. */
function checkOne<State, Input, Output>(
  search: Search<State, Input, Output>,
  key: string,
  operations: readonly Operation<Input, Output>[],
): Exclude<Verdict<State, Input, Output>, { verdict: 'linearizable' }> | undefined {
  const { model, configurationsMax } = search;
  const underWay = new Map<number, UnderWay<Input, Output>>();
  const steps = inOrderOfTime(operations);
  let configurations = new Configurations(model);
  configurations.add({ state: model.initial(key), taken: [], spent: [] });
  for (const { kind, number, operation, twin } of steps) {
    if (kind === 'invoked') {
      underWay.set(number, { operation, twin });
      continue;
    }
    const after = withEffectOf(search, configurations, { number, underWay });
    if (after === undefined) return { verdict: 'undecided', key, configurations: configurationsMax };
    underWay.delete(number);
    if (after.count === 0) {
      const states = new Map(configurations.all().map(({ state }) => [model.identify(state), state]));
      const others = [...underWay.values()].map((other) => other.operation);
      return { verdict: 'not_linearizable', key, operation, states: [...states.values()], underWay: others };
    }
    configurations = after;
  }
  return undefined;
}

interface UnderWay<Input, Output> {
  readonly operation: Operation<Input, Output>;
  /** Of unknown outcome as well, with the same input, and invoked before. */
  readonly twin: number | undefined;
}

/** Invocations and answers. Of those at the same time, invocations come first: operations that touch may have gone either way. */
function inOrderOfTime<Input, Output>(history: readonly Operation<Input, Output>[]) {
  const twins = new Map<string, number>();
  const moments = [...history]
    .sort((a, b) => a.invokedAt - b.invokedAt)
    .flatMap((operation, number) => {
      const { invokedAt, answer, input } = operation;
      const common = { number, operation, twin: undefined as number | undefined };
      const invoked = { ...common, kind: 'invoked' as const, at: invokedAt };
      if (answer !== undefined) return [invoked, { ...common, kind: 'answered' as const, at: answer.at }];
      const twin = twins.get(JSON.stringify(input));
      twins.set(JSON.stringify(input), number);
      return [{ ...invoked, twin }];
    });
  return moments.sort((a, b) => a.at - b.at || (a.kind === b.kind ? a.number - b.number : a.kind === 'invoked' ? -1 : 1));
}

/** The operation whose answer is next: by then it has taken effect. */
interface Answered<Input, Output> {
  readonly number: number;
  readonly underWay: ReadonlyMap<number, UnderWay<Input, Output>>;
}

/**
 * The configurations in which the answered operation has taken effect. Others under way are taken before it as far as they have to
 * be: what need not have happened by now is left for later. Undefined where there are too many.
 */
function withEffectOf<State, Input, Output>(
  { model, configurationsMax }: Search<State, Input, Output>,
  configurations: Configurations<State>,
  { number, underWay }: Answered<Input, Output>,
): Configurations<State> | undefined {
  const after = new Configurations(model);
  const seen = new Configurations(model);
  const open = configurations.all();
  for (let configuration = open.pop(); configuration !== undefined; configuration = open.pop()) {
    if (configuration.taken.includes(number)) {
      // It is under way no longer, and so need not be remembered.
      after.add({ ...configuration, taken: configuration.taken.filter((other) => other !== number) });
      continue;
    }
    for (const next of nextOf(model, configuration, underWay)) {
      if (seen.add(next)) open.push(next);
    }
    if (seen.count > configurationsMax) return undefined;
  }
  return after;
}

/** With one more of the operations under way. */
function* nextOf<State, Input, Output>(
  model: SequentialModel<State, Input, Output>,
  { state, taken, spent }: Configuration<State>,
  underWay: ReadonlyMap<number, UnderWay<Input, Output>>,
): Iterable<Configuration<State>> {
  const now = model.identify(state);
  for (const [number, { operation, twin }] of underWay) {
    if (operation.answer !== undefined) {
      if (taken.includes(number)) continue;
      const withIt = [...taken, number].sort((a, b) => a - b);
      for (const next of model.step(state, operation.input, operation.answer.output))
        yield { state: next, taken: withIt, spent };
      continue;
    }
    // Of two alike it does not matter which: the first one is.
    if (spent.includes(number) || (twin !== undefined && !spent.includes(twin))) continue;
    for (const next of model.step(state, operation.input, undefined)) {
      // Without effect it is as good as never taken, and may still have one later.
      if (model.identify(next) !== now) yield { state: next, taken, spent: [...spent, number] };
    }
  }
}

/** Those that lead anywhere that no other does: of the same state, one that has spent more has no more before it. */
class Configurations<State> {
  #count = 0;
  readonly #alike = new Map<string, readonly Configuration<State>[]>();

  constructor(private readonly model: Pick<SequentialModel<State, never, never>, 'identify'>) {}

  get count(): number {
    return this.#count;
  }

  all(): Configuration<State>[] {
    return [...this.#alike.values()].flat();
  }

  /** Whether it leads anywhere that the others do not. */
  add(configuration: Configuration<State>): boolean {
    const { state, taken, spent } = configuration;
    const id = `${taken.join(',')}/${this.model.identify(state)}`;
    const alike = this.#alike.get(id) ?? [];
    if (alike.some((other) => isWithin(other.spent, spent))) return false;
    const left = alike.filter((other) => !isWithin(spent, other.spent));
    this.#alike.set(id, [...left, configuration]);
    this.#count += 1 + left.length - alike.length;
    return true;
  }
}

const isWithin = (some: readonly number[], all: readonly number[]): boolean => some.every((one) => all.includes(one));
