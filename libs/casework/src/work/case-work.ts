import type { IsoTime } from '@ringside/core';
import type { Decision } from '@ringside/events';

/** A decision and what became of it. `reportIds` are all that it covers, over all steps. */
export type DecisionRecord = Decision & {
  readonly decidedBy: string;
  readonly decidedAt: IsoTime;
} & (
    | { readonly state: 'proposed'; readonly expiresAt: IsoTime }
    | { readonly state: 'in_effect'; readonly effectiveAt: IsoTime; readonly approvedBy: string | null }
    | { readonly state: 'rejected'; readonly rejectedBy: string; readonly because: 'rejected' | 'expired' }
    | { readonly state: 'reverted' | 'overturned'; readonly endedBy: string; readonly endedAt: IsoTime }
  );

export type AppealRecord = {
  readonly appealId: string;
  readonly decisionId: string;
  readonly statement: string;
  readonly filedAt: IsoTime;
} & (
  | { readonly state: 'open' }
  | {
      readonly state: 'decided';
      readonly outcome: 'upheld' | 'overturned';
      readonly facts: string;
      readonly decidedBy: string;
      readonly decidedAt: IsoTime;
    }
);

/** What the stream of a case makes of it: the write side's state. Reports are not part of it; they come with the commands. */
export interface CaseWork {
  /** Steps so far. */
  readonly version: number;
  readonly claim: { readonly by: string; readonly until: IsoTime } | null;
  readonly acknowledgedAt: IsoTime | null;
  readonly held: { readonly since: IsoTime; readonly reason: string } | null;
  readonly pausedMs: number;
  readonly escalated: boolean;
  /** Deadlines that were announced: `<deadline>/<approached|breached>/<dueAt>`. */
  readonly announced: readonly string[];
  /** By id, in the order in which they were made. */
  readonly decisions: Readonly<Record<string, DecisionRecord>>;
  readonly appeals: Readonly<Record<string, AppealRecord>>;
}
