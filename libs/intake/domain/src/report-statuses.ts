import type { IsoTime, Projection, RowKey } from '@ringside/core';
import { reportReasons, type RingsideEvent } from '@ringside/events';
import type { CaseStanding, KnownDecision } from './case-standings.js';

export const reportStatusTable = 'report_status';

/** What the reporter may know of a report. */
export interface ReportStatus {
  readonly reportId: string;
  /** The one that was chosen in the dialog, whatever a triager made of it later. */
  readonly reason: string;
  readonly filedAt: string;
  readonly status: 'received' | 'in_review' | 'closed';
  /** Never the sanction. */
  readonly outcome: 'action_taken' | 'no_action' | null;
}

export const reportStatusRow = (reportId: string): RowKey => ({ table: reportStatusTable, partition: reportId, key: 'status' });
/** The reasons that triagers gave the report; there once one has. */
export const reportRouteRow = (reportId: string): RowKey => ({ table: reportStatusTable, partition: reportId, key: 'route' });

/** A report as it was filed, for telling its status. Whom it is about is never shown to its reporter again. */
export interface ReportOnFile {
  readonly reportId: string;
  readonly reason: string;
  readonly filedAt: IsoTime;
  readonly game: string;
  readonly subjectId: string;
}

export interface ReportRoute {
  /** All reasons that the report has had, the first one first. */
  readonly reasons: readonly string[];
}

/** The reports behind `GET /v1/reports/{reportId}`. */
export const reportStatuses: Projection<RingsideEvent> = {
  name: 'ReportStatuses',
  tables: [reportStatusTable],
  entity: (event) => {
    if (event.type === 'ReportRerouted') return reportRouteRow(event.data.reportId);
    return event.type === 'ReportFiled' ? reportStatusRow(event.data.reportId) : undefined;
  },
  project: (event, rows) => {
    if (event.type === 'ReportRerouted') {
      const { reportId, priorReasons, reason } = event.data;
      const row = reportRouteRow(reportId);
      const known = (rows.get(row) as unknown as ReportRoute | undefined)?.reasons ?? [];
      const reasons = [...priorReasons, reason];
      return known.length >= reasons.length ? [] : [{ kind: 'put', ...row, value: { reasons } }];
    }
    if (event.type !== 'ReportFiled') return [];
    const { reportId, reason, filedAt, game, subjectId } = event.data;
    const row = reportStatusRow(reportId);
    // A report filed a second time under its idempotency key is the one that is there.
    if (rows.get(row) !== undefined) return [];
    return [{ kind: 'put', ...row, value: { reportId, reason, filedAt, game, subjectId } }];
  },
};

const byReason = new Map<string, readonly string[]>(reportReasons.map(({ reason, teams }) => [reason, teams]));
const owners: ReadonlySet<string> = new Set(reportReasons.flatMap(({ teams }) => teams));

/** Whether a team holds reports with one of these reasons. What nobody owns is held by a team that owns no reason. */
export const holds = (team: string, reasons: readonly string[]): boolean =>
  reasons.some((reason) => {
    const teams = byReason.get(reason) ?? [];
    return teams.length === 0 ? !owners.has(team) : teams.includes(team);
  });

/** What one team makes of a report: how its case stands, and its decisions that name the report. */
export interface Handling {
  readonly standing: CaseStanding;
  readonly decisions: readonly KnownDecision[];
}

/** Whether each team that holds the report now, by the last reason that it was given, is among those that have decided it. */
function isDecidedByAll(reasons: readonly string[], deciders: readonly string[]): boolean {
  const holders = byReason.get(reasons.at(-1)!) ?? [];
  return holders.length === 0 ? deciders.some((team) => !owners.has(team)) : holders.every((team) => deciders.includes(team));
}

/**
 * The status of a report that several teams may hold. Action that one of them took closes it; without any, it is closed once all of
 * them have decided. A decision that is taken back leaves the report in review, until there is another.
 */
export function statusOf(report: ReportOnFile, reasons: readonly string[], handlings: readonly Handling[]): ReportStatus {
  const { reportId, reason, filedAt } = report;
  const known = { reportId, reason, filedAt };
  const inEffect = handlings.flatMap(({ standing: { team }, decisions }) =>
    decisions.flatMap(({ state, sanctioned }) => (state === 'in_effect' ? [{ team, sanctioned }] : [])),
  );
  if (inEffect.some(({ sanctioned }) => sanctioned)) return { ...known, status: 'closed', outcome: 'action_taken' };
  const deciders = inEffect.map(({ team }) => team);
  if (isDecidedByAll(reasons, deciders)) return { ...known, status: 'closed', outcome: 'no_action' };
  const isLookedAt = handlings.some(({ standing, decisions }) => decisions.length > 0 || isTakenOn(standing, filedAt, reasons));
  return { ...known, status: isLookedAt ? 'in_review' : 'received', outcome: null };
}

/** Somebody has the case, or took it on after the report was filed. */
const isTakenOn = ({ team, isClaimed, acknowledgedAt }: CaseStanding, filedAt: IsoTime, reasons: readonly string[]): boolean =>
  holds(team, reasons) && (isClaimed || (acknowledgedAt !== null && acknowledgedAt >= filedAt));
