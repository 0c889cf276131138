import { placedTopics, type RingPolicy } from '@ringside/data-ring';
import { lyingIn, type LyingEvent } from './lying-in-regions.fixture.js';
import type { Region } from './regions.fixture.js';

/** An event as far as the drill looks into it. */
export interface Recorded {
  readonly id: string;
  readonly type: string;
  readonly region: string;
  readonly topic: string;
  readonly time: string;
  readonly causationId?: string;
  readonly data: {
    readonly caseId?: string;
    readonly caseVersion?: number;
    readonly basedOn?: number;
    readonly reportId?: string;
    readonly sanctionId?: string;
    readonly decisionId?: string;
    readonly because?: string;
    readonly decision?: { readonly decisionId: string };
  };
}

const recordedOf = ({ id, type, region, topic, text }: LyingEvent): Recorded => {
  const { time, causationId, data } = JSON.parse(text) as Pick<Recorded, 'time' | 'causationId' | 'data'>;
  return { id, type, region, topic, time, ...(causationId !== undefined && { causationId }), data };
};

/** What a region's log has, each event once. */
export async function recordIn({ log }: Region): Promise<ReadonlyMap<string, Recorded>> {
  return new Map((await lyingIn(log)).map((event) => [event.id, recordedOf(event)]));
}

/** What a region had published, and nobody else has: the recovery point. */
export interface Unreplicated {
  readonly reports: readonly string[];
  /** Of cases. */
  readonly steps: readonly Recorded[];
  readonly decisions: readonly string[];
  readonly events: number;
  /** Before the loss, in ms; 0 where everything was replicated. */
  readonly oldestMs: number;
}

export async function unreplicatedOf(
  lost: Region,
  others: readonly Region[],
  { policy, goneAt }: { readonly policy: RingPolicy; readonly goneAt: number },
): Promise<Unreplicated> {
  const shared = new Set(
    placedTopics(policy)
      .filter(({ zone, regions }) => policy.zones[zone]!.kind !== 'regional' && regions.includes(lost.name))
      .map(({ name }) => name),
  );
  const elsewhere = await Promise.all(others.map(recordIn));
  const missing = [...(await recordIn(lost)).values()].filter(
    ({ id, topic }) => shared.has(topic) && !elsewhere.some((record) => record.has(id)),
  );
  const steps = missing.filter(({ topic }) => topic.startsWith('cases.'));
  return {
    reports: missing.flatMap(({ type, data }) => (type === 'ReportFiled' ? [data.reportId!] : [])),
    steps,
    decisions: steps.flatMap(({ data }) => (data.decision === undefined ? [] : [data.decision.decisionId])),
    events: missing.length,
    oldestMs: Math.max(0, ...missing.map(({ time }) => goneAt - Date.parse(time))),
  };
}

/** The history of one case, by its steps on the log and nothing else. */
export interface History {
  readonly caseId: string;
  /** Two steps of one version: nobody could say which of them counts. */
  readonly contradictions: readonly number[];
  /** On no way from the last step back to the first. */
  readonly superseded: readonly Recorded[];
  /** Versions on that way that are not on the log. */
  readonly gaps: readonly number[];
}

export function historiesIn(record: ReadonlyMap<string, Recorded>, topic: string): readonly History[] {
  const byCase = new Map<string, Recorded[]>();
  for (const event of record.values()) {
    const { caseId } = event.data;
    if (event.topic === topic && caseId !== undefined) byCase.set(caseId, [...(byCase.get(caseId) ?? []), event]);
  }
  return [...byCase].map(([caseId, steps]) => historyOf(caseId, steps));
}

function historyOf(caseId: string, steps: readonly Recorded[]): History {
  const byVersion = new Map<number, Recorded>();
  const [contradictions, gaps]: [number[], number[]] = [[], []];
  for (const step of steps) {
    const version = step.data.caseVersion!;
    if (byVersion.has(version)) contradictions.push(version);
    byVersion.set(version, step);
  }
  const effective = new Set<number>();
  let version = Math.max(...byVersion.keys());
  while (version > 0) {
    const step = byVersion.get(version);
    if (step === undefined) {
      gaps.push(version);
      break;
    }
    effective.add(version);
    version = step.type === 'CaseAdopted' ? step.data.basedOn! : version - 1;
  }
  const superseded = steps.filter(({ data }) => !effective.has(data.caseVersion!));
  return { caseId, contradictions, superseded, gaps };
}

/** Ids of the steps that reversed a sanction. */
export type Reversals = readonly string[];

/** What each decision imposed: for each sanction, what reversed it, which is nothing for one that was not. */
export function sanctionsIn(record: ReadonlyMap<string, Recorded>): ReadonlyMap<string, readonly Reversals[]> {
  const reversed = new Map<string, string[]>();
  for (const { type, causationId, data } of record.values()) {
    if (type !== 'SanctionReversed') continue;
    reversed.set(data.sanctionId!, [...(reversed.get(data.sanctionId!) ?? []), causationId!]);
  }
  const byDecision = new Map<string, Reversals[]>();
  for (const { type, data } of record.values()) {
    if (type !== 'SanctionImposed') continue;
    const reversals = reversed.get(data.sanctionId!) ?? [];
    byDecision.set(data.decisionId!, [...(byDecision.get(data.decisionId!) ?? []), reversals]);
  }
  return byDecision;
}
