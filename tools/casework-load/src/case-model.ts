import type { Operation, SequentialModel } from './linearizability.js';

/** A command on a case, as a client gives it. Reports are counted in the order of their filing: the case's first is 0. */
export type Asked =
  | { readonly kind: 'claim' | 'release' | 'note' | 'hold' | 'resume' | 'escalate' }
  | { readonly kind: 'hand-over'; readonly to: string }
  | { readonly kind: 'assemble-evidence'; readonly report: number }
  | { readonly kind: 'decide'; readonly uphold: boolean }
  | { readonly kind: 'revert'; readonly decisionId: string };

export interface Given {
  readonly caseId: string;
  /** The Idempotency-Key: a command that is sent again has the same. */
  readonly key: string;
  readonly by: { readonly sub: string; readonly isLead: boolean };
  /** What they saw: steps of the stream, and reports. */
  readonly streamVersion: number;
  readonly reportsSeen: number;
  readonly asked: Asked;
}

export type Input =
  | ({ readonly what: 'command' } & Given)
  /** Reads a decision, which is made from the stream. */
  | { readonly what: 'look'; readonly caseId: string; readonly decisionId: string }
  /** Reads the whole stream. */
  | { readonly what: 'read'; readonly caseId: string };

export type Output =
  /** `version`: of the stream. */
  | { readonly said: 'accepted' | 'stale'; readonly version: number }
  | { readonly said: 'refused' }
  /** What became of a decision; null for none. */
  | { readonly said: 'decision'; readonly inEffect: boolean | null }
  | { readonly said: 'stream'; readonly version: number };

export type CaseOperation = Operation<Input, Output>;

interface DecisionOnCase {
  readonly inEffect: boolean;
  readonly reports: readonly number[];
}

/** A case as this scenario works it: an account of its own of what the services do, which shares nothing with theirs. */
export interface ModelCase {
  readonly version: number;
  readonly claimedBy: string | null;
  readonly held: boolean;
  readonly escalated: boolean;
  readonly evidence: number | null;
  readonly decisions: Readonly<Record<string, DecisionOnCase>>;
}

const unworked: ModelCase = { version: 0, claimedBy: null, held: false, escalated: false, evidence: null, decisions: {} };

/**
 * Which version each command led to, by its key: as the streams say in the end, or its answer where it added no step. That each
 * version is by this command and no other leaves few orders to try; and it takes nothing away, because the last operation of a
 * case reads its whole stream.
 */
export type Versions = ReadonlyMap<string, number>;

export const caseModel = (versions: Versions): SequentialModel<ModelCase, Input, Output> => ({
  initial: () => unworked,
  identify: (state) => JSON.stringify(state),
  step(state, input, output) {
    const [after, said] = stepOf(state, input, versions);
    if (said === 'never') return [];
    return output === undefined || same(output, said) ? [after] : [];
  },
});

const same = (a: Output, b: Output): boolean => JSON.stringify(a) === JSON.stringify(b);

/** `never`: an operation that would have an effect which the streams do not have. */
function stepOf(state: ModelCase, input: Input, versions: Versions): readonly [after: ModelCase, said: Output | 'never'] {
  const { version } = state;
  if (input.what === 'read') return [state, { said: 'stream', version }];
  if (input.what === 'look') {
    return [state, { said: 'decision', inEffect: state.decisions[input.decisionId]?.inEffect ?? null }];
  }
  const taken = versions.get(input.key);
  if (taken !== undefined && taken <= version) return [state, { said: 'accepted', version: taken }];
  if (input.streamVersion !== version) return [state, { said: 'stale', version }];
  const after = takenBy(state, input);
  if (after === undefined) return [state, { said: 'refused' }];
  if (after === state || (taken === undefined && renews(state, input))) return [state, { said: 'accepted', version }];
  if (taken !== version + 1) return [state, 'never'];
  return [
    { ...after, version: taken },
    { said: 'accepted', version: taken },
  ];
}

/** A claim that is renewed within the same millisecond is not lengthened. */
const renews = ({ claimedBy }: ModelCase, { asked, by }: Given): boolean => asked.kind === 'claim' && claimedBy === by.sub;

/** The case with the command; the same one where it asks for what is so already, undefined where it is refused. */
function takenBy(state: ModelCase, given: Given): ModelCase | undefined {
  const { asked, by, reportsSeen } = given;
  const isOpen = openReports(state, reportsSeen).length > 0;
  const holds = state.claimedBy === by.sub;
  switch (asked.kind) {
    case 'claim':
      return state.claimedBy === null || holds ? { ...state, claimedBy: by.sub } : undefined;
    case 'release':
      return state.claimedBy !== null && (holds || by.isLead) ? { ...state, claimedBy: null } : undefined;
    case 'hand-over':
      return (holds || by.isLead) && asked.to !== state.claimedBy && isOpen ? { ...state, claimedBy: asked.to } : undefined;
    case 'hold':
      return holds && !state.held && isOpen ? { ...state, held: true } : undefined;
    case 'resume':
      return state.held && (holds || by.isLead) ? { ...state, held: false } : undefined;
    case 'note':
      return { ...state };
    case 'escalate':
      return !state.escalated && isOpen ? { ...state, escalated: true } : undefined;
    default:
      return decided(state, given, (holds || state.claimedBy === null) && !state.held);
  }
}

function decided(state: ModelCase, { asked, caseId, reportsSeen }: Given, works: boolean): ModelCase | undefined {
  const open = openReports(state, reportsSeen);
  if (asked.kind === 'assemble-evidence') {
    if (!works || !open.includes(asked.report)) return undefined;
    return state.evidence === asked.report ? state : { ...state, evidence: asked.report };
  }
  if (asked.kind === 'decide') {
    if (!works || open.length === 0) return undefined;
    const decision = { inEffect: true, reports: open };
    const decisions = { ...state.decisions, [`${caseId}.${state.version + 1}`]: decision };
    return { ...state, claimedBy: null, escalated: false, decisions };
  }
  const { decisionId } = asked as Extract<Asked, { kind: 'revert' }>;
  const decision = state.decisions[decisionId];
  if (decision?.inEffect !== true) return undefined;
  return { ...state, decisions: { ...state.decisions, [decisionId]: { ...decision, inEffect: false } } };
}

/** The case that commands lead to which were all taken, in this order. */
export function caseOf(taken: readonly Given[]): ModelCase {
  return taken.reduce((state, given) => {
    const after = takenBy(state, given);
    if (after === undefined) throw new Error(`${given.key} is not taken at version ${state.version}.`);
    return { ...after, version: state.version + 1 };
  }, unworked);
}

/** Those that somebody has seen and no decision in effect covers. */
export function openReports({ decisions }: ModelCase, seen: number): readonly number[] {
  const covered = new Set(Object.values(decisions).flatMap(({ inEffect, reports }) => (inEffect ? reports : [])));
  return Array.from({ length: seen }, (_, report) => report).filter((report) => !covered.has(report));
}
