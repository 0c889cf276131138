import { naturalId, type JsonObject, type RowKey, type RowReader, type ViewWrite } from '@ringside/core';
import type { CaseProgressed, ReportSuppressed } from '@ringside/events';

import type { Attachment } from './attachment.js';
import type { CaseFile } from './case-file.js';

/**
 * Tables of the `CaseFiles` view, all made of the topic `reports` alone.
 *
 * - `cases`: partition = case. Rows `case` (the {@link CaseFile}), `report/<reportId>` (an `Attachment`), `mark/<reportId>`
 *   (a {@link ReportMark}), `decision/<decisionId>` ({@link DecisionSteps}), `reporter/<reporterId>`, `counted/<...>` ({@link Alike}) and
 *   `open/<reason>/<hour or minute>`. A heavy-tailed subject's partition grows with its reports, about 700 bytes each.
 * - `case_timeline`: partition = case, key = time and event id: every report event as it was. Insert-only.
 * - `case_history`: the same for the other events that the case is made of; `?at=` replays both.
 * - `case_lists`: partition = list and shard, key = sort key; points at the case. See case-lists.ts.
 * - `player_cases`: partition = subject, key = case. Points at the case.
 * - `queue_figures`: partition = day (UTC), key = hour and reason: reports captured; partition `open`: cases now open.
 * - `reporter_outcomes`: partition = reporter, key = time and report: decided reports of this player, and whether they were founded.
 */
export const caseTables = {
  cases: 'cases',
  timeline: 'case_timeline',
  history: 'case_history',
  lists: 'case_lists',
  playerCases: 'player_cases',
  figures: 'queue_figures',
  outcomes: 'reporter_outcomes',
} as const;

export const inCase = (caseId: string, key: string): RowKey => ({ table: caseTables.cases, partition: caseId, key });

export const caseRow = (caseId: string): RowKey => inCase(caseId, 'case');
export const attachmentPrefix = 'report/';
export const attachmentRow = (caseId: string, reportId: string): RowKey => inCase(caseId, attachmentKey(reportId));
export const markRow = (caseId: string, reportId: string): RowKey => inCase(caseId, markKey(reportId));

export const attachmentKey = (reportId: string): string => `${attachmentPrefix}${reportId}`;
export const markKey = (reportId: string): string => `mark/${reportId}`;
export const reporterKey = (reporterId: string): string => `reporter/${reporterId}`;
export const decisionKey = (decisionId: string): string => `decision/${decisionId}`;

/** Reports that count as one: of one reporter, about one match, for one reason. Without a match nothing tells them to be one. */
export function alikeKey({
  reporterId,
  matchId,
  reason,
}: Pick<Attachment, 'reporterId' | 'matchId' | 'reason'>): string | undefined {
  if (matchId === null) return undefined;
  const name = `${reporterId}\0${matchId}\0${reason}`;
  const recent = recentAlike.get(name);
  if (recent !== undefined) return recent;
  if (recentAlike.size === recentAlikeMax) recentAlike.clear();
  const key = `counted/${naturalId('counted', reporterId, matchId, reason)}`;
  recentAlike.set(name, key);
  return key;
}

/** Keys made lately: one report asks for its own several times. */
const recentAlike = new Map<string, string>();
const recentAlikeMax = 1_000;

type Because = ReportSuppressed['data']['because'];

/** What was said about a report by others than its reporter: apart from the attachment, as it may come before it. */
export interface ReportMark {
  /** Decisions that name it by a step in effect, or that have none; sorted by id. */
  readonly decisions: readonly string[];
  readonly suppressed: Partial<Readonly<Record<Because, { readonly revision: number; readonly suppressed: boolean }>>>;
}

const isSuppressed = (mark: ReportMark | undefined): boolean =>
  mark !== undefined && Object.values(mark.suppressed).some(({ suppressed }) => suppressed);

/** Whether a report may count; of those that are alike only one does. */
export const mayCount = ({ active, first }: Attachment, mark: ReportMark | undefined): boolean =>
  active && (first === true || !isSuppressed(mark));

/** What the steps of a case said of one decision, in their order: which of them have effect, later terms may change. */
export interface DecisionSteps {
  readonly steps: readonly (ProgressOfDecision & { readonly caseVersion: number })[];
}

type ProgressOfDecision = NonNullable<CaseProgressed['data']['decision']>;

/** The reports of one {@link alikeKey} that may count, sorted by id: the first does. */
export interface Alike {
  readonly reports: readonly string[];
}

/** One reporter of the case: how many reports count and are open, and how far they are believed, in hundredths. */
export interface CaseReporter {
  readonly reports: number;
  readonly open: number;
  readonly credibility: number;
  /** Which weighing the credibility is from; 0 for none. */
  readonly revision: number;
}

/** The rows of one case, as they were before an event and as they are with it. */
export class CaseRows {
  private readonly now = new Map<string, object | undefined>();

  constructor(
    private readonly rows: RowReader,
    readonly caseId: string,
  ) {}

  before<T>(key: string): T | undefined {
    return this.rows.get(inCase(this.caseId, key)) as T | undefined;
  }

  get<T>(key: string): T | undefined {
    return this.now.has(key) ? (this.now.get(key) as T | undefined) : this.before<T>(key);
  }

  /** Undefined: there is no such row any longer. */
  set(key: string, value: object | undefined): void {
    this.now.set(key, value);
  }

  file(): CaseFile | undefined {
    return this.before<CaseFile>('case');
  }

  writes(): readonly ViewWrite[] {
    return [...this.now].map(([key, value]) =>
      value === undefined ? { kind: 'delete', ...inCase(this.caseId, key) } : put(inCase(this.caseId, key), value),
    );
  }
}

export const put = (row: RowKey, value: object): ViewWrite => ({ kind: 'put', ...row, value: value as JsonObject });
