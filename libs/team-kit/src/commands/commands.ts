import { versionAfter, type CaseStep, type CommandContext } from '@ringside/casework';
import { turns, UnavailableError } from '@ringside/core';
import { bySystem } from '@ringside/events';
import type { StreamAppend, StreamAppendOutcome } from '@ringside/view-store';

import { adoptionBefore } from './adoption.js';
import type { CommandOutcome, CommandRequest } from './aggregate.js';
import { CaseHistories, caseHistory, isStale, type CaseHistory, type Step } from './case-histories.js';
import { caseEventOf, causationOf, streamOf, toStreamEvent } from './case-stream.js';
import type { CommandObserver } from './command-observer.js';
import { IncompleteHistoryError, type EarlierSteps } from './earlier-steps.js';
import type { Intent } from './intents.js';
import { firstAnswer, type KeptCommand } from './kept-command.js';
import { Outbox, type Held, type OutboxParts } from './outbox.js';

export interface CommandsOptions<State extends { readonly version: number }> extends OutboxParts<State> {
  /** The region that this service runs in. */
  readonly region: string;
  /** The service, as the `source` of its events. */
  readonly source: string;
  /** What a later term of a case goes on from; absent where there is none but the first. */
  readonly earlierSteps?: EarlierSteps;
  /** Throws `UnavailableError` until tables and topics are there. */
  readonly whenPrepared?: () => void;
  /** An answer waits so long at most for the log to have its events, in ms: the views follow the log. */
  readonly publishWaitMsMax?: number;
}

/** A command is decided anew so often where others are faster: each time one of them got through, so this is hardly reached. */
const attemptsMax = 100;

const publishWaitMsDefault = 2_000;

interface Attempt<State> {
  readonly history: CaseHistory<State>;
  readonly decided: readonly CaseStep[];
  readonly intent: Intent | undefined;
}

interface Taken {
  readonly outcome: CommandOutcome;
  readonly publication?: Promise<void>;
}

/**
 * Takes commands on cases: store first, then the log. docs/casework-protocol.md has each step, and what is left by whoever dies
 * behind it.
 */
export class Commands<State extends { readonly version: number } = { readonly version: number }> {
  private readonly histories: CaseHistories<State>;
  private readonly outbox: Outbox<State>;
  private readonly inTurn = turns();

  constructor(private readonly options: CommandsOptions<State>) {
    this.histories = new CaseHistories(options.store, options.aggregate, options.earlierSteps);
    this.outbox = new Outbox(options, this.histories);
  }

  get observer(): CommandObserver {
    return this.options.observer;
  }

  /**
   * Answers when the outcome is durable, and the log has its events or could not take them soon enough. Rejects with
   * `UnavailableError` where the store is away: the command may then have been taken, or may be yet; sent again with its id, it is
   * answered as it was taken.
   */
  async execute(request: CommandRequest<CommandContext>): Promise<CommandOutcome> {
    const { observer, whenPrepared } = this.options;
    try {
      whenPrepared?.();
      const stream = streamOf(request.case.caseId, request.served?.term);
      const { outcome, publication } = await this.inTurn(stream, () => this.take(stream, request));
      if (publication !== undefined) await settledWithin(publication, this.options.publishWaitMsMax ?? publishWaitMsDefault);
      observer.executed(outcome.outcome === 'done' && outcome.repeated ? 'repeated' : outcome.outcome);
      return outcome;
    } catch (error) {
      if (error instanceof IncompleteHistoryError) {
        observer.executed('incomplete');
        return { outcome: 'incomplete', detail: error.message };
      }
      observer.executed(error instanceof UnavailableError ? 'unavailable' : 'error');
      throw error;
    }
  }

  /** When the commands that were answered have left nothing to do. */
  settled(): Promise<void> {
    return this.outbox.settled();
  }

  private async take(stream: string, request: CommandRequest<CommandContext>): Promise<Taken> {
    let history = this.histories.recall(stream);
    let held: Held | undefined;
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const remembered = history !== undefined;
      history ??= await this.histories.current(stream, request.served?.withoutMissing);
      const before = history.earlier?.get(causationOf(request.commandId));
      if (before !== undefined) {
        this.outbox.letGo(stream, held);
        return { outcome: { outcome: 'done', ...before, repeated: true } };
      }
      const decided = this.decide(history, request);
      if ('steps' in decided) {
        if (decided.steps.length > 0) held = await this.outbox.hold(stream, history.fence, held);
        const { steps } = decided;
        const taken = await this.append(request, { history, decided: steps, intent: held?.intent });
        if (taken !== undefined) return taken;
      } else if (!remembered) {
        this.outbox.letGo(stream, held);
        // Behind the events: a command that they contain is found.
        const first = await this.options.store.streamCommand(stream, request.commandId);
        return { outcome: first === undefined ? decided : firstAnswer(request, first) };
      }
      history = undefined;
    }
    this.outbox.letGo(stream, held);
    throw new UnavailableError('view-store', 'Too many commands came to this case at once; send it again.');
  }

  /** What the command leads to, or why it leads to nothing; the latter must not rest on what is remembered. */
  private decide(
    history: CaseHistory<State>,
    request: CommandRequest<CommandContext>,
  ): CommandOutcome | { readonly steps: readonly CaseStep[] } {
    const { command, expectedVersion } = request;
    const { decider, answer } = this.options.aggregate;
    const { version } = history.state;
    if (expectedVersion !== undefined && isStale(history, expectedVersion)) return { outcome: 'stale', version };
    const adoption = adoptionBefore(history, request);
    const state = adoption.reduce(decider.evolve, history.state);
    const decision = decider.decide(state, command);
    if (!decision.ok) return { outcome: 'refused', refusal: decision.error, version };
    // What the service's clock asks, it asks until there is something to do: "nothing yet" is not to be remembered as the answer.
    if (decision.value.length === 0 && command.by.sub === bySystem) {
      return { outcome: 'done', version, answer: answer(state, []), repeated: false };
    }
    return { steps: decision.value.length === 0 ? [] : [...adoption, ...decision.value] };
  }

  /** Undefined where somebody else was faster: nothing was stored, nor will be. */
  private async append(
    request: CommandRequest<CommandContext>,
    { history, decided, intent }: Attempt<State>,
  ): Promise<Taken | undefined> {
    const { commandId, fingerprint, served } = request;
    const stream = streamOf(request.case.caseId, served?.term);
    const steps = this.stepsOf(request, history, decided);
    const after = this.histories.behind(history, steps);
    const own = decided.filter(({ type }) => type !== 'CaseAdopted');
    const answer = this.options.aggregate.answer(after.state, own);
    const caseVersion = after.state.version;
    const { version: expectedVersion, fence } = history;
    const result = served === undefined ? { fingerprint, answer } : { fingerprint, answer, caseVersion };
    const events = steps.map(({ event }) => toStreamEvent(event));
    const stored = await this.stored({
      stream,
      expectedVersion,
      fence,
      commandId,
      events,
      result: result satisfies KeptCommand,
    });
    if (stored.outcome === 'conflict' || stored.outcome === 'fenced') return undefined;
    const { version } = stored;
    if (stored.outcome === 'repeated') {
      if (intent !== undefined) this.outbox.catchUp(stream, version, intent);
      return { outcome: firstAnswer(request, stored) };
    }
    this.histories.remember(stream, caseHistory(after, history.fence, history.published));
    const outcome: CommandOutcome = { outcome: 'done', version: caseVersion, answer, repeated: false };
    if (intent === undefined) return { outcome };
    return { outcome, publication: this.outbox.publish(stream, { steps, version, intent }) };
  }

  /** Throws `InvalidEventError` where a step is not of the contract: nothing was stored then. */
  private stepsOf(
    { case: subject, commandId }: CommandRequest<CommandContext>,
    { state }: CaseHistory<State>,
    decided: readonly CaseStep[],
  ): readonly Step<State>[] {
    const { region, source, placement } = this.options;
    let after = state;
    return decided.map((step) => {
      const event = caseEventOf(subject, step, versionAfter(after.version, step), { region, source, commandId });
      after = this.histories.evolved(after, step, event);
      return { event, step, after, record: placement.recordOf(event) };
    });
  }

  /** The outcome of an append, also where the store did not tell: what is not there once the fence was raised never will be. */
  private async stored(append: StreamAppend): Promise<StreamAppendOutcome> {
    const { store } = this.options;
    try {
      return await store.appendToStream(append);
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      const head = await store.raiseFence(append.stream);
      const taken = await store.streamCommand(append.stream, append.commandId);
      return taken === undefined ? { outcome: 'fenced', ...head } : { outcome: 'repeated', ...taken };
    }
  }
}

/** Resolves with it, or after so many ms. */
async function settledWithin(publication: Promise<void>, waitMsMax: number): Promise<void> {
  if (waitMsMax === Infinity) return publication;
  let timer: NodeJS.Timeout | undefined;
  const waited = new Promise<void>((resolve) => (timer = setTimeout(resolve, waitMsMax)));
  await Promise.race([publication, waited]);
  clearTimeout(timer);
}
