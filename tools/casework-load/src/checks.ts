import { deepStrictEqual, notStrictEqual, ok, strictEqual } from 'node:assert/strict';

import { caseModel, type Asked, type CaseOperation, type Given, type Output } from './case-model.js';
import { checkLinearizability } from './linearizability.js';
import { consequences, consumed, keyOf, stepsOf, type OnRecord } from './on-record.js';

/** What came of one command, over all its sendings. */
export interface Heard {
  readonly given: Given;
  readonly said: readonly Exclude<Output, { said: 'decision' | 'stream' }>[];
  /** Sendings without an answer. */
  readonly unknown: number;
}

export function heardOf(history: readonly CaseOperation[]): ReadonlyMap<string, Heard> {
  const heard = new Map<string, Heard>();
  for (const { input, answer } of history) {
    if (input.what !== 'command') continue;
    const { given, said, unknown } = heard.get(input.key) ?? { given: input, said: [], unknown: 0 };
    const now = answer === undefined ? [] : [answer.output as Heard['said'][number]];
    heard.set(input.key, { given, said: [...said, ...now], unknown: unknown + (answer === undefined ? 1 : 0) });
  }
  return heard;
}

const typesOf: Readonly<Record<Asked['kind'], readonly string[]>> = {
  claim: ['CaseClaimed', 'CaseClaimRenewed'],
  release: ['CaseReleased'],
  note: ['CaseNoted'],
  hold: ['CaseHeld'],
  resume: ['CaseResumed'],
  escalate: ['CaseEscalated'],
  'hand-over': ['CaseHandedOver'],
  'assemble-evidence': ['EvidenceAssembled'],
  decide: ['DecisionMade'],
  revert: ['DecisionReverted'],
};

export interface Figures {
  readonly accepted: number;
  readonly withoutStep: number;
  readonly stale: number;
  readonly refused: number;
  /** Sendings without an answer, and commands of which nothing else was ever heard. */
  readonly unanswered: number;
  readonly neverKnown: number;
  readonly steps: number;
}

/** Each accepted command's step is in its case's stream, once and where it was said to be; nothing else is there. */
export function requireAnsweredAsStored(history: readonly CaseOperation[], record: OnRecord): Figures {
  const heard = heardOf(history);
  const steps = new Map(stepsOf(record).map((step) => [keyOf(step), step]));
  strictEqual(steps.size, stepsOf(record).length, 'A command has more than one step.');
  for (const [key, { type, data }] of steps) {
    const given = heard.get(key)?.given;
    const { caseId, by, caseVersion } = data;
    deepStrictEqual({ key, caseId, by }, { key, caseId: given?.caseId, by: given?.by.sub });
    ok(typesOf[given!.asked.kind].includes(type), `${key}: ${type} came of ${given!.asked.kind}.`);
    deepStrictEqual({ key, caseVersion }, { key, caseVersion: given!.streamVersion + 1 });
  }
  const unasked: string[] = [];
  const figures = { accepted: 0, withoutStep: 0, stale: 0, refused: 0, unanswered: 0, neverKnown: 0, steps: steps.size };
  for (const [key, { given, said, unknown }] of heard) {
    const version = steps.get(key)?.data.caseVersion;
    figures.unanswered += unknown;
    const last = said.at(-1);
    if (last === undefined) figures.neverKnown++;
    else figures[last.said]++;
    for (const answer of said) {
      if (answer.said === 'stale') notStrictEqual(answer.version, given.streamVersion);
      if (answer.said !== 'accepted') continue;
      if (version === undefined) {
        // It asked for what was so already.
        ok(
          ['claim', 'assemble-evidence'].includes(given.asked.kind),
          `${key}: ${given.asked.kind} was accepted and has no step.`,
        );
        figures.withoutStep++;
      }
      deepStrictEqual({ key, version: answer.version }, { key, version: version ?? given.streamVersion });
    }
    // Without an accepting answer there is a step only if some sending was not answered.
    if (version !== undefined && last?.said !== 'accepted' && unknown === 0) unasked.push(key);
  }
  deepStrictEqual(unasked, []);
  return figures;
}

/** What was heard could have been heard of cases that take one command after the other, each at some time before its answer. */
export function requireLinearizable(history: readonly CaseOperation[], record: OnRecord): void {
  const versions = new Map(stepsOf(record).map((step) => [keyOf(step), step.data.caseVersion]));
  for (const { input, answer } of history) {
    if (input.what !== 'command' || answer?.output.said !== 'accepted') continue;
    if (!versions.has(input.key)) versions.set(input.key, answer.output.version);
  }
  const now = performance.now();
  const reads = Object.entries(record.streams).map(([caseId, stream]): CaseOperation => {
    const output = { said: 'stream', version: stream.length } as const;
    return { key: caseId, input: { what: 'read', caseId }, invokedAt: now, answer: { at: now, output } };
  });
  const all = [...history, ...reads];
  deepStrictEqual(checkLinearizability(caseModel(versions), all), { verdict: 'linearizable', operations: all.length });
}

export const isPublished = (record: OnRecord): boolean =>
  Object.entries(record.streams).every(([id, { length }]) => (consumed(record).streams[id]?.length ?? 0) >= length);

/** What consumers take of the topics is what is stored. Answers with how many events they found there again. */
export function requirePublishedAsStored(record: OnRecord): number {
  const { streams, gaps, repeated } = consumed(record);
  deepStrictEqual(gaps, []);
  const stored = Object.entries(record.streams).filter(([, stream]) => stream.length > 0);
  deepStrictEqual(streams, Object.fromEntries(stored));
  const { expected, published } = consequences(record);
  deepStrictEqual(published, expected);
  return repeated;
}
