import { deriveUuidv7, isoTime, naturalId } from '@ringside/core';
import {
  caseProgressed,
  caseWeighed,
  createEvent,
  reportSuppressed,
  type CaseProgressed,
  type CaseWeighed,
  type ReportFiled,
  type ReportRerouted,
  type ReportSuppressed,
} from '@ringside/events';
import fc from 'fast-check';

import { reportHistories } from './arbitraries.js';

const epoch = Date.UTC(2026, 0, 31, 13);
const region = 'local';

/** Whose case an event is about. */
export interface CaseOf {
  readonly team: string;
  readonly game: string;
  readonly subjectId: string;
}

const caseIdOf = ({ team, game, subjectId }: CaseOf): string => naturalId('case', team, game, subjectId);
const idOf = (caseId: string, label: string): string =>
  deriveUuidv7(`019c13f0-2b40-7c11-8a5d-3e4f5a6b7c8d`, `${caseId}/${label}`);

type Progress = CaseProgressed['data'];

/** How a case stands after a step; one that nobody holds and that nothing was decided on, where nothing else is given. */
export function progressed(
  of: CaseOf,
  given: Partial<Omit<Progress, 'decision'>> & { readonly decision?: Partial<NonNullable<Progress['decision']>> } = {},
): CaseProgressed {
  const caseId = caseIdOf(of);
  const caseVersion = given.caseVersion ?? 1;
  const time = isoTime(epoch + caseVersion * 60_000);
  const { decision, ...rest } = given;
  const data: Progress = {
    caseId,
    ...of,
    homeRegion: region,
    caseVersion,
    claim: null,
    acknowledgedAt: null,
    heldSince: null,
    pausedMs: 0,
    escalated: false,
    ...rest,
    ...(decision && {
      decision: {
        decisionId: `${caseId}.${caseVersion}`,
        state: 'in_effect',
        verdict: 'uphold',
        sanctioned: true,
        decidedBy: 'worker-1',
        decidedAt: time,
        reportIds: [],
        appeal: 'none',
        ...decision,
      },
    }),
  };
  const label = `progressed/${caseVersion}/${decision?.reportIds?.join() ?? ''}`;
  return createEvent(caseProgressed, { data, time, region, source: `${of.team}-team`, id: idOf(caseId, label) });
}

/** How far a reporter of the case is believed, or how many strikes its subject has. */
export function weighed(of: CaseOf, given: Pick<CaseWeighed['data'], 'revision' | 'reporter' | 'priorStrikes'>): CaseWeighed {
  const caseId = caseIdOf(of);
  const id = idOf(caseId, `weighed/${JSON.stringify(given)}`);
  return createEvent(caseWeighed, { data: { caseId, ...of, ...given }, time: isoTime(epoch), region, source: of.team, id });
}

/** A report counts no longer, or again. */
export function suppressed(
  of: CaseOf,
  given: Pick<ReportSuppressed['data'], 'reportId' | 'because' | 'suppressed' | 'revision'>,
): ReportSuppressed {
  const caseId = caseIdOf(of);
  const id = idOf(caseId, `suppressed/${given.reportId}/${given.because}/${given.revision}`);
  return createEvent(reportSuppressed, {
    data: { caseId, ...of, ...given },
    time: isoTime(epoch),
    region,
    source: of.team,
    id,
  });
}

type ReportEvent = ReportFiled | ReportRerouted;
export type CaseHistoryEvent = ReportEvent | CaseProgressed | CaseWeighed | ReportSuppressed;

const draft = fc.record({
  what: fc.constantFrom('claim', 'release', 'hold', 'decide', 'cover', 'end', 'weigh', 'strikes', 'suppress'),
  case: fc.nat(20),
  pick: fc.nat(20),
  reports: fc.array(fc.nat(20), { maxLength: 8 }),
  verdict: fc.constantFrom('uphold' as const, 'dismiss' as const, 'inconclusive' as const),
  state: fc.constantFrom('proposed' as const, 'in_effect' as const),
  end: fc.constantFrom('in_effect' as const, 'rejected' as const, 'reverted' as const, 'overturned' as const),
});
type Draft = typeof draft extends fc.Arbitrary<infer T> ? T : never;

/** Reports, and what a team does with their cases: claims, decisions that are made, extended and taken back, weighings, suppressions. */
export const caseHistories = (team: string): fc.Arbitrary<readonly CaseHistoryEvent[]> =>
  fc.tuple(reportHistories, fc.array(draft, { maxLength: 15 })).map(([reports, drafts]) => {
    const events: readonly CaseHistoryEvent[] = [...reports, ...workOn(team, reports, drafts)];
    return [...new Map(events.map((event) => [event.id, event])).values()];
  });

interface Work {
  readonly of: CaseOf;
  readonly reports: readonly ReportEvent[];
  version: number;
  revision: number;
  readonly decisions: Map<string, NonNullable<Progress['decision']>>;
}

function workOn(team: string, events: readonly ReportEvent[], drafts: readonly Draft[]): readonly CaseHistoryEvent[] {
  const cases = new Map<string, Work>();
  for (const { data } of events) {
    const of = { team, game: data.game, subjectId: data.subjectId };
    if (cases.has(caseIdOf(of))) continue;
    const reports = events.filter((one) => one.data.game === of.game && one.data.subjectId === of.subjectId);
    cases.set(caseIdOf(of), { of, reports, version: 0, revision: 0, decisions: new Map() });
  }
  const all = [...cases.values()];
  return drafts.flatMap((one) => stepOn(all[one.case % all.length]!, one));
}

function stepOn(work: Work, { what, pick, reports, verdict, state, end }: Draft): readonly CaseHistoryEvent[] {
  const { of } = work;
  const report = work.reports[pick % work.reports.length]!;
  // Some weighings have the same number and say different things.
  const revision = Math.ceil(++work.revision / 2);
  if (what === 'weigh') {
    return [weighed(of, { revision, reporter: { reporterId: report.data.reporterId, credibility: 10 + pick } })];
  }
  if (what === 'strikes') return [weighed(of, { revision, priorStrikes: pick % 4 })];
  if (what === 'suppress') {
    const because = pick % 2 === 0 ? 'daily_limit' : 'reporter_suppressed';
    return [
      suppressed(of, { reportId: report.data.reportId, because, suppressed: reports.length % 3 > 0, revision: work.revision }),
    ];
  }
  const caseVersion = ++work.version;
  const claim = what === 'claim' ? { by: `worker-${pick % 3}`, until: isoTime(epoch + pick * 60_000) } : null;
  const heldSince = what === 'hold' ? isoTime(epoch) : null;
  const standing = { caseVersion, claim, heldSince, pausedMs: heldSince === null ? pick * 1_000 : 0 };
  const decision = decisionAfter(work, { what, pick, verdict, state, end }, caseVersion);
  if (decision === undefined) return [progressed(of, standing)];
  const named = [...new Set(reports.map((index) => work.reports[index % work.reports.length]!.data.reportId))];
  const reportIds = what === 'end' ? [] : named;
  work.decisions.set(decision.decisionId, decision);
  return [progressed(of, { ...standing, decision: { ...decision, reportIds } })];
}

function decisionAfter(
  work: Work,
  { what, pick, verdict, state, end }: Pick<Draft, 'what' | 'pick' | 'verdict' | 'state' | 'end'>,
  caseVersion: number,
): NonNullable<Progress['decision']> | undefined {
  if (what === 'decide') return { ...progressed(work.of, { caseVersion, decision: { verdict, state } }).data.decision! };
  const known = [...work.decisions.values()];
  const one = known[pick % Math.max(1, known.length)];
  if (one === undefined || (what !== 'cover' && what !== 'end')) return undefined;
  return what === 'end' ? { ...one, state: end } : one;
}
