import type { IsoTime } from '@ringside/core';
import type { Decision } from '@ringside/events';

import type { CaseBackground } from './case-command.js';
import type { CaseStep } from './case-step.js';

/** A decision and what became of it. `reportIds` are all that it covers, over all steps. */
export type DecisionRecord = Decision & {
  readonly decidedBy: string;
  readonly decidedAt: IsoTime;
  /** What a team had worked out before it decided, as a sentence for the player; absent where there is nothing to say. */
  readonly restsOn?: string;
} & (
    | { readonly state: 'proposed'; readonly expiresAt: IsoTime }
    | { readonly state: 'in_effect'; readonly effectiveAt: IsoTime; readonly approvedBy: string | null }
    | { readonly state: 'rejected'; readonly rejectedBy: string; readonly because: 'rejected' | 'expired' }
    | {
        readonly state: 'reverted' | 'overturned';
        readonly effectiveAt: IsoTime;
        readonly approvedBy: string | null;
        readonly endedBy: string;
        readonly endedAt: IsoTime;
      }
  );

export type AppealRecord = {
  readonly appealId: string;
  readonly decisionId: string;
} & (
  | { readonly state: 'open'; readonly filedAt: IsoTime; readonly statementHeldIn: string }
  | {
      readonly state: 'decided';
      readonly filedAt: IsoTime;
      readonly statementHeldIn: string;
      readonly outcome: 'upheld' | 'overturned';
      readonly facts: string;
      readonly decidedBy: string;
      readonly decidedAt: IsoTime;
    }
  | { readonly state: 'refused'; readonly because: AppealRefusal; readonly refusedAt: IsoTime }
);

/** Why nobody has to decide an appeal. */
export type AppealRefusal = Extract<CaseStep, { readonly type: 'AppealRefused' }>['data']['because'];

/** What the stream of a case makes of it: the write side's state. Reports are not part of it; they come with the commands. */
export interface CaseWork {
  /** Of the last step. */
  readonly version: number;
  /** Where another region has gone on with the case: what the term of the last step goes on from, and where the case is at home. */
  readonly adopted?: { readonly basedOn: number; readonly homeRegion: string };
  readonly claim: { readonly by: string; readonly until: IsoTime } | null;
  /** When somebody last took the case on, renewed the claim, or decided: reports filed later are not acknowledged yet. */
  readonly acknowledgedAt: IsoTime | null;
  readonly held: { readonly since: IsoTime; readonly reason: string } | null;
  /** How long the clock stood still since a decision last took effect, without the hold that runs. */
  readonly pausedMs: number;
  /** A lead has to look at it. Until a decision takes effect. */
  readonly escalated: boolean;
  /** The last deadlines that were announced: `<deadline>/<approached|breached>/<dueAt>`. */
  readonly announced: readonly string[];
  /** So that the same note given again adds nothing. */
  readonly lastNote: { readonly by: string; readonly at: IsoTime; readonly text: string } | null;
  /** By id, in the order in which they were made. */
  readonly decisions: Readonly<Record<string, DecisionRecord>>;
  readonly appeals: Readonly<Record<string, AppealRecord>>;
}

/** Ids come from outside: what every object inherits is not a decision. */
export const decisionOf = ({ decisions }: Pick<CaseWork, 'decisions'>, decisionId: string): DecisionRecord | undefined =>
  Object.hasOwn(decisions, decisionId) ? decisions[decisionId] : undefined;

export const appealOf = ({ appeals }: Pick<CaseWork, 'appeals'>, appealId: string): AppealRecord | undefined =>
  Object.hasOwn(appeals, appealId) ? appeals[appealId] : undefined;

/** The views that a background was read from may not have a decision yet that the case has. */
export function withoutCovered({ decisions }: Pick<CaseWork, 'decisions'>, background: CaseBackground): CaseBackground {
  const inEffect = Object.values(decisions).filter(({ state }) => state === 'in_effect');
  if (inEffect.length === 0) return background;
  const covered = new Set(inEffect.flatMap(({ reportIds }) => reportIds));
  return withReports(background, (reportId) => !covered.has(reportId));
}

/** The background with some of its reports alone. */
export function withReports(background: CaseBackground, keeps: (reportId: string) => boolean): CaseBackground {
  const kept = (reports: CaseBackground['openReports']) => reports.filter(({ reportId }) => keeps(reportId));
  const { openReports, uncounted } = background;
  return { ...background, openReports: kept(openReports), ...(uncounted && { uncounted: kept(uncounted) }) };
}

export const initialCaseWork: CaseWork = {
  version: 0,
  claim: null,
  acknowledgedAt: null,
  held: null,
  pausedMs: 0,
  escalated: false,
  announced: [],
  lastNote: null,
  decisions: {},
  appeals: {},
};
