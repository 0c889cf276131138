import { expect } from '@jest/globals';
import { checkLinearizability } from '@ringside/testing';
import {
  caseModel,
  caseOf,
  openReports,
  type Asked,
  type CaseOperation,
  type Given,
  type Output,
} from './case-model.fixture.js';
import { streamVersionOf } from './case-requests.fixture.js';
import { consequences, consumed, keyOf, stepsOf, type Envelope, type OnRecord } from './casework-on-record.fixture.js';
import { until } from './processes.fixture.js';
import { getJson } from './ringside.fixture.js';

/** What came of one command, over all its sendings. */
interface Heard {
  readonly given: Given;
  readonly said: readonly Exclude<Output, { said: 'decision' | 'stream' }>[];
  /** Sendings without an answer. */
  readonly unknown: number;
}

function heardOf(history: readonly CaseOperation[]): ReadonlyMap<string, Heard> {
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
export function expectAnsweredAsStored(history: readonly CaseOperation[], record: OnRecord): Figures {
  const heard = heardOf(history);
  const steps = new Map(stepsOf(record).map((step) => [keyOf(step), step]));
  expect(steps.size).toBe(stepsOf(record).length); // none twice
  for (const [key, { type, data }] of steps) {
    const given = heard.get(key)?.given;
    const { caseId, by, caseVersion } = data;
    expect({ key, caseId, by }).toEqual({ key, caseId: given?.caseId, by: given?.by.sub });
    expect(typesOf[given!.asked.kind]).toContain(type);
    expect({ key, caseVersion }).toEqual({ key, caseVersion: given!.streamVersion + 1 });
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
      if (answer.said === 'stale') expect(answer.version).not.toBe(given.streamVersion);
      if (answer.said !== 'accepted') continue;
      if (version === undefined) {
        // It asked for what was so already.
        expect(['claim', 'assemble-evidence']).toContain(given.asked.kind);
        figures.withoutStep++;
      }
      expect({ key, version: answer.version }).toEqual({ key, version: version ?? given.streamVersion });
    }
    // Without an accepting answer there is a step only if some sending was not answered.
    if (version !== undefined && last?.said !== 'accepted' && unknown === 0) unasked.push(key);
  }
  expect(unasked).toEqual([]);
  return figures;
}

/** What was heard could have been heard of cases that take one command after the other, each at some time before its answer. */
export function expectLinearizable(history: readonly CaseOperation[], record: OnRecord): void {
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
  expect(checkLinearizability(caseModel(versions), all)).toEqual({ verdict: 'linearizable', operations: all.length });
}

export const isPublished = (record: OnRecord): boolean =>
  Object.entries(record.streams).every(([id, { length }]) => (consumed(record).streams[id]?.length ?? 0) >= length);

/** What consumers take of the topics is what is stored. Answers with how many events they found there again. */
export function expectPublishedAsStored(record: OnRecord): number {
  const { streams, gaps, repeated } = consumed(record);
  expect(gaps).toEqual([]);
  const stored = Object.entries(record.streams).filter(([, stream]) => stream.length > 0);
  expect(streams).toEqual(Object.fromEntries(stored));
  const { expected, published } = consequences(record);
  expect(published).toEqual(expected);
  return repeated;
}

interface CaseShown {
  readonly claim: { readonly by: string } | null;
  readonly heldSince: string | null;
  readonly escalated: boolean;
  readonly reportCount: number;
  readonly openReports: number;
  readonly decisions: readonly { readonly decisionId: string; readonly state: string }[];
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Each case and its timeline show what its stream says, as soon as they have it. */
export async function expectShownAsStored(
  url: string,
  history: readonly CaseOperation[],
  record: OnRecord,
  reportIds: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  const heard = heardOf(history);
  for (const [caseId, stream] of Object.entries(record.streams)) {
    const filed = reportIds.get(caseId)!;
    const state = caseOf(stream.map((step) => heard.get(keyOf(step))!.given));
    const shown = await until(`the view of case ${caseId} is at version ${stream.length}`, 30, async () => {
      const shows = await getJson<CaseShown & { version?: number }>(`${url}/v1/cases/${caseId}`);
      return streamVersionOf(shows.version!) >= stream.length && shows.reportCount === filed.length ? shows : undefined;
    });
    expect({
      claim: shown.claim?.by ?? null,
      held: shown.heldSince !== null,
      escalated: shown.escalated,
      openReports: shown.openReports,
      decisions: Object.fromEntries(shown.decisions.map((one) => [one.decisionId, one.state === 'in_effect'])),
    }).toEqual({
      claim: state.claimedBy,
      held: state.held,
      escalated: state.escalated,
      openReports: openReports(state, filed.length).length,
      decisions: Object.fromEntries(Object.entries(state.decisions).map(([id, { inEffect }]) => [id, inEffect])),
    });
    expectCovered(stream, (decisionId) => state.decisions[decisionId]!.reports.map((report) => filed[report]!));
    const ids = stream.map(({ id }) => id);
    const events = await until(`the timeline of case ${caseId} has its steps`, 30, async () => {
      const found = (await timelineOf(url, caseId)).filter(({ eventId }) => ids.includes(eventId));
      return found.length >= ids.length ? found : undefined;
    });
    expect(events.map(({ eventId }) => eventId)).toEqual(ids);
  }
}

/** A decision covers what its decider saw and nothing covered. */
function expectCovered(stream: readonly Envelope[], reportsOf: (decisionId: string) => readonly string[]): void {
  for (const { type, data } of stream) {
    if (type !== 'DecisionMade') continue;
    const { decisionId, reportIds } = data.decision;
    expect([decisionId, [...reportIds].sort()]).toEqual([decisionId, [...reportsOf(decisionId)].sort()]);
  }
}

async function timelineOf(url: string, caseId: string): Promise<readonly { readonly eventId: string }[]> {
  const items: { readonly eventId: string }[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const after = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: Page<{ readonly eventId: string }> = await getJson(`${url}/v1/cases/${caseId}/timeline?limit=200${after}`);
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
}
