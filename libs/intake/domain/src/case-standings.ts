import { naturalId, type IsoTime, type JsonObject, type Projection, type RowKey, type ViewWrite } from '@ringside/core';
import { isSuperseded, lastSaid, termOf, withTerm, type ShownState, type Terms } from '@ringside/casework';
import type { CaseProgressed, DecisionState, RingsideEvent } from '@ringside/events';

/**
 * What teams have said of their cases, as far as reporters and the subject may come to know of it.
 *
 * - `case_standings`: partition = case. Rows `standing` (a {@link CaseStanding}), `decision/<decisionId>`
 *   (a {@link DecisionOnRecord}) and `report/<reportId>` (a {@link ReportDecisions}).
 * - `subject_cases`: partition = game and subject, key = team. Points at the case.
 */
export const standingTables = { standings: 'case_standings', subjects: 'subject_cases' } as const;

const inCase = (caseId: string, key: string): RowKey => ({ table: standingTables.standings, partition: caseId, key });
export const caseStandingRow = (caseId: string): RowKey => inCase(caseId, 'standing');
export const decisionRow = (caseId: string, decisionId: string): RowKey => inCase(caseId, `decision/${decisionId}`);
export const reportDecisionsRow = (caseId: string, reportId: string): RowKey => inCase(caseId, `report/${reportId}`);
export const subjectPartition = (game: string, subjectId: string): string => naturalId('subject', game, subjectId);

export interface CaseStanding {
  readonly team: string;
  readonly caseVersion: number;
  readonly isClaimed: boolean;
  readonly acknowledgedAt: IsoTime | null;
  /** What the terms of the case go on from, where another region has worked it: which steps have no effect. */
  readonly terms?: Terms;
}

/** A decision as far as its subject and the reporters may know of it. */
export interface KnownDecision {
  readonly subjectId: string;
  /** Where its case is at home. */
  readonly homeRegion: string;
  readonly caseVersion: number;
  readonly state: ShownState;
  readonly sanctioned: boolean;
  readonly appeal: NonNullable<CaseProgressed['data']['decision']>['appeal'];
  /** Since when it has effect; null while it has had none. */
  readonly effectiveAt: IsoTime | null;
}

/** What the steps of a case said of a decision, in their order. Which of them have effect the standing of the case tells. */
export interface DecisionOnRecord extends Pick<KnownDecision, 'subjectId' | 'homeRegion'> {
  readonly steps: readonly (Omit<KnownDecision, 'subjectId' | 'homeRegion' | 'state' | 'effectiveAt'> & {
    readonly state: DecisionState;
    readonly at: IsoTime;
  })[];
}

/** Of a report, the decisions that name it, and of each the first step in each term that does. Sorted. */
export interface ReportDecisions {
  readonly named: Readonly<Record<string, readonly number[]>>;
}

/** What is so of a decision by the terms that are known of its case. */
export function knownDecisionIn({ subjectId, homeRegion, steps }: DecisionOnRecord, terms: Terms | undefined): KnownDecision {
  const { caseVersion, state, sanctioned, appeal } = lastSaid(steps, terms)!;
  const effects = steps.filter((step) => step.state === 'in_effect' && !isSuperseded(step.caseVersion, terms));
  const effectiveAt = effects.map(({ at }) => at).sort()[0] ?? null;
  return { subjectId, homeRegion, caseVersion, state, sanctioned, appeal, effectiveAt };
}

/** The decisions that name a report: not one by which only a superseded step extended to it. */
export function decisionsNaming(
  { named }: ReportDecisions,
  decisions: ReadonlyMap<string, DecisionOnRecord>,
  terms: Terms | undefined,
): readonly KnownDecision[] {
  return Object.entries(named).flatMap(([decisionId, versions]) => {
    const onRecord = decisions.get(decisionId);
    if (onRecord === undefined) return [];
    const known = knownDecisionIn(onRecord, terms);
    const isNamed = known.state === 'superseded' || versions.some((version) => !isSuperseded(version, terms));
    return isNamed ? [known] : [];
  });
}

/** Of one case and of one decision the last step in effect tells, in whichever order they come. */
export const caseStandings: Projection<RingsideEvent> = {
  name: 'CaseStandings',
  tables: Object.values(standingTables),
  entity: (event) => (event.type === 'CaseProgressed' ? caseStandingRow(event.data.caseId) : undefined),
  reads: (event) => {
    const { caseId, decision } = (event as CaseProgressed).data;
    if (decision === undefined) return [];
    const reports = decision.reportIds.map((reportId) => reportDecisionsRow(caseId, reportId));
    return [decisionRow(caseId, decision.decisionId), ...reports];
  },
  project: (event, rows) => {
    if (event.type !== 'CaseProgressed') return [];
    const { caseId, team, game, subjectId, decision } = event.data;
    const row = caseStandingRow(caseId);
    const before = rows.get(row) as CaseStanding | undefined;
    const writes: ViewWrite[] = [];
    if (before === undefined) {
      const subject = { table: standingTables.subjects, partition: subjectPartition(game, subjectId), key: team };
      writes.push({ kind: 'put', ...subject, value: { caseId } });
    }
    // A step that changes nothing here is written all the same: the row remembers which event it contains.
    writes.push(put(row, standingAfter(before, event)));
    if (decision === undefined) return writes;
    const ofDecision = decisionRow(caseId, decision.decisionId);
    writes.push(put(ofDecision, recordAfter(rows.get(ofDecision) as unknown as DecisionOnRecord | undefined, event)));
    for (const reportId of decision.reportIds) {
      const ofReport = reportDecisionsRow(caseId, reportId);
      const known = (rows.get(ofReport) as unknown as ReportDecisions | undefined)?.named ?? {};
      const named = namedAfter(known, decision.decisionId, event.data.caseVersion);
      if (named !== known) writes.push(put(ofReport, { named }));
    }
    return writes;
  },
};

function standingAfter(before: CaseStanding | undefined, { data }: CaseProgressed): CaseStanding {
  const { team, caseVersion, claim, acknowledgedAt, basedOn } = data;
  const terms = withTerm(before?.terms, caseVersion, basedOn);
  const said = { team, caseVersion, isClaimed: claim !== null, acknowledgedAt };
  const { terms: _, ...standing } = before === undefined || caseVersion > before.caseVersion ? { ...said, terms } : before;
  return terms === undefined ? standing : { ...standing, terms };
}

function recordAfter(before: DecisionOnRecord | undefined, { time, data }: CaseProgressed): DecisionOnRecord {
  const { caseVersion, subjectId, homeRegion } = data;
  const { state, sanctioned, appeal } = data.decision!;
  const others = (before?.steps ?? []).filter((step) => step.caseVersion !== caseVersion);
  const steps = [...others, { caseVersion, state, sanctioned, appeal, at: time }];
  return { subjectId, homeRegion, steps: steps.sort((a, b) => a.caseVersion - b.caseVersion) };
}

function namedAfter(known: ReportDecisions['named'], decisionId: string, caseVersion: number): ReportDecisions['named'] {
  const versions = known[decisionId] ?? [];
  const ofTerm = versions.find((version) => termOf(version) === termOf(caseVersion));
  if (ofTerm !== undefined && ofTerm <= caseVersion) return known;
  const after = [...versions.filter((version) => version !== ofTerm), caseVersion].sort((a, b) => a - b);
  return Object.fromEntries(Object.entries({ ...known, [decisionId]: after }).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const put = (row: RowKey, value: object): ViewWrite => ({ kind: 'put', ...row, value: value as JsonObject });
