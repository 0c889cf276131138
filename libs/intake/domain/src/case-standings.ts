import { naturalId, type IsoTime, type JsonObject, type Projection, type RowKey, type ViewWrite } from '@ringside/core';
import type { CaseProgressed, DecisionState, RingsideEvent } from '@ringside/events';

/**
 * What teams have said of their cases, as far as reporters and the subject may come to know of it.
 *
 * - `case_standings`: partition = case. Rows `standing` (a {@link CaseStanding}), `decision/<decisionId>`
 *   (a {@link KnownDecision}) and `report/<reportId>` (a {@link ReportDecisions}).
 * - `subject_cases`: partition = game and subject, key = team. Points at the case.
 */
export const standingTables = { standings: 'case_standings', subjects: 'subject_cases' } as const;

const inCase = (caseId: string, key: string): RowKey => ({ table: standingTables.standings, partition: caseId, key });
export const caseStandingRow = (caseId: string): RowKey => inCase(caseId, 'standing');
export const knownDecisionRow = (caseId: string, decisionId: string): RowKey => inCase(caseId, `decision/${decisionId}`);
export const reportDecisionsRow = (caseId: string, reportId: string): RowKey => inCase(caseId, `report/${reportId}`);
export const subjectPartition = (game: string, subjectId: string): string => naturalId('subject', game, subjectId);

export interface CaseStanding {
  readonly team: string;
  readonly caseVersion: number;
  readonly isClaimed: boolean;
  readonly acknowledgedAt: IsoTime | null;
}

export interface KnownDecision {
  readonly subjectId: string;
  /** Where its case is worked: an appeal does not leave the region in which it is filed. */
  readonly homeRegion: string;
  readonly caseVersion: number;
  readonly state: DecisionState;
  readonly sanctioned: boolean;
  readonly appeal: NonNullable<CaseProgressed['data']['decision']>['appeal'];
  /** Since when it has effect; null while it has had none. */
  readonly effectiveAt: IsoTime | null;
}

/** Decisions that name the report, sorted. */
export interface ReportDecisions {
  readonly decisions: readonly string[];
}

/** Of one case and of one decision the step with the highest number tells, in whichever order they come. */
export const caseStandings: Projection<RingsideEvent> = {
  name: 'CaseStandings',
  tables: Object.values(standingTables),
  entity: (event) => (event.type === 'CaseProgressed' ? caseStandingRow(event.data.caseId) : undefined),
  reads: (event) => {
    const { caseId, decision } = (event as CaseProgressed).data;
    if (decision === undefined) return [];
    const reports = decision.reportIds.map((reportId) => reportDecisionsRow(caseId, reportId));
    return [knownDecisionRow(caseId, decision.decisionId), ...reports];
  },
  project: (event, rows) => {
    if (event.type !== 'CaseProgressed') return [];
    const { caseId, team, game, subjectId, caseVersion, claim, acknowledgedAt, decision } = event.data;
    const row = caseStandingRow(caseId);
    const before = rows.get(row) as CaseStanding | undefined;
    const writes: ViewWrite[] = [];
    if (before === undefined) {
      const subject = { table: standingTables.subjects, partition: subjectPartition(game, subjectId), key: team };
      writes.push({ kind: 'put', ...subject, value: { caseId } });
    }
    // A step that changes nothing here is written all the same: the row remembers which event it contains.
    const standing: CaseStanding = { team, caseVersion, isClaimed: claim !== null, acknowledgedAt };
    writes.push(put(row, before === undefined || caseVersion > before.caseVersion ? standing : before));
    if (decision === undefined) return writes;
    const decisionRow = knownDecisionRow(caseId, decision.decisionId);
    writes.push(put(decisionRow, decisionAfter(rows.get(decisionRow) as KnownDecision | undefined, event)));
    for (const reportId of decision.reportIds) {
      const reportRow = reportDecisionsRow(caseId, reportId);
      const known = (rows.get(reportRow) as ReportDecisions | undefined)?.decisions ?? [];
      if (!known.includes(decision.decisionId))
        writes.push(put(reportRow, { decisions: [...known, decision.decisionId].sort() }));
    }
    return writes;
  },
};

function decisionAfter(before: KnownDecision | undefined, { time, data }: CaseProgressed): KnownDecision {
  const { caseVersion, subjectId, homeRegion } = data;
  const { state, sanctioned, appeal } = data.decision!;
  const began = state === 'in_effect' ? time : null;
  const known = before?.effectiveAt ?? null;
  const effectiveAt = began !== null && (known === null || began < known) ? began : known;
  if (before !== undefined && before.caseVersion >= caseVersion) return { ...before, effectiveAt };
  return { subjectId, homeRegion, caseVersion, state, sanctioned, appeal, effectiveAt };
}

const put = (row: RowKey, value: object): ViewWrite => ({ kind: 'put', ...row, value: value as JsonObject });
