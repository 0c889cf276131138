import type { IsoTime } from '@ringside/core';
import type { SanctionKind, Verdict } from '@ringside/events';

import type { Deadline } from './deadlines.js';

export const roles = ['case_worker', 'lead', 'approver', 'read_only', 'platform'] as const;
export type Role = (typeof roles)[number];

/** Who acts: from a verified token, or `system` for what nobody did. */
export interface Actor {
  readonly sub: string;
  readonly roles: readonly Role[];
}

export interface OpenReport {
  readonly reportId: string;
  readonly reason: string;
  readonly filedAt: IsoTime;
}

/** What the reports' side of the case said when the command was taken. Read from the views by whoever hands the command over. */
export interface CaseBackground {
  /** Reports that count, that no decision in effect covers, and that the case showed at the version which the decider named. */
  readonly openReports: readonly OpenReport[];
  /**
   * The same for reports that do not count: suppressed, or alike to one that counts. A decision covers them, so that their reporters
   * hear of it; nothing else goes by them. Absent where there are none.
   */
  readonly uncounted?: readonly OpenReport[];
  /** Strikes against the subject that count now, over all teams. */
  readonly priorStrikes: number;
}

/** Comes with every command: all that is not pure. */
export interface CommandContext {
  readonly caseId: string;
  /** The player whom the case is about: nobody else may appeal. */
  readonly subjectId: string;
  readonly at: IsoTime;
  readonly by: Actor;
  readonly background: CaseBackground;
}

export interface SanctionOrder {
  readonly kind: SanctionKind;
  readonly durationHours?: number;
}

/** Commands that every team's cases take. A team adds its own. */
export type LifecycleCommand =
  /** By whoever holds the case already: the heartbeat that renews the lease. */
  | { readonly kind: 'claim' }
  /** `of`: only their claim, and nobody's who has the case by now. */
  | { readonly kind: 'release'; readonly of?: string }
  | { readonly kind: 'hand_over'; readonly to: string; readonly reason: string }
  | { readonly kind: 'hold'; readonly reason: string }
  /** `reason`: only the hold that was for this one. */
  | { readonly kind: 'resume'; readonly reason?: string }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'escalate'; readonly reason: string }
  | {
      readonly kind: 'decide';
      readonly verdict: Verdict;
      readonly clause?: string;
      readonly facts: string;
      readonly sanctions: readonly SanctionOrder[];
    }
  | { readonly kind: 'approve'; readonly decisionId: string }
  | { readonly kind: 'reject'; readonly decisionId: string; readonly reason: string }
  | { readonly kind: 'revert'; readonly decisionId: string; readonly reason: string }
  | {
      readonly kind: 'open_appeal';
      readonly appealId: string;
      readonly decisionId: string;
      readonly playerId: string;
      readonly filedAt: IsoTime;
      /** The region where it was filed, which keeps what the player wrote: no command has that. */
      readonly statementHeldIn: string;
    }
  | {
      readonly kind: 'decide_appeal';
      readonly appealId: string;
      readonly outcome: 'upheld' | 'overturned';
      readonly facts: string;
    }
  /** By the service's clock: ends a lease that ran out, a proposal that nobody answered; says that a deadline is near or past. */
  | {
      readonly kind: 'tick';
      readonly deadlines: readonly Deadline[];
    };

export type Command<Kind> = Kind & CommandContext;
export type CaseCommand = Command<LifecycleCommand>;

/**
 * Why a command was not taken. `wrong_state`: the case's state forbids it; `forbidden`: this person may not; `invalid`: it asks
 * for what no case allows; `not_found`: it names a decision or an appeal that the case does not have.
 */
export interface Refusal {
  readonly code: 'wrong_state' | 'forbidden' | 'invalid' | 'not_found';
  /** A sentence that says what to do instead. Shown to the case worker. */
  readonly detail: string;
  /** JSON Pointer into the command's body, where one field is at fault. */
  readonly pointer?: string;
  /** Where several are: each with its own sentence. The first one is what `pointer` says. */
  readonly faults?: readonly { readonly pointer: string; readonly detail: string }[];
}
