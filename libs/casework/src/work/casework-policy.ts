import type { SanctionKind } from '@ringside/events';

import type { CaseBackground, SanctionOrder } from './case-command.js';
import type { ContentType, DecisionGround, StatementCategory } from './transparency-fields.js';

/** A rule that a player agreed to, as the statement of reasons and the DSA transparency database name it. */
export interface Clause {
  /** What it forbids, as one phrase: "using software that aims". */
  readonly title: string;
  /** The contract's provision: "Fair play rules, section 2.1". */
  readonly provision: string;
  /** Ground of the decision, as the database names it. */
  readonly ground: DecisionGround;
  /** Category of the database. */
  readonly category: StatementCategory;
  /** The law that is broken, where the ground is illegality. */
  readonly law?: string;
  /** Where the rules or the law can be read. */
  readonly url?: string;
  /** What the database calls the content, such as text for chat; how somebody played where absent. */
  readonly content?: readonly Exclude<ContentType, 'CONTENT_TYPE_OTHER'>[];
}

/** What a team says about how its cases are worked. A value: nothing that is shared knows which teams there are. */
export interface CaseworkPolicy {
  readonly team: string;
  /** How long a claim lasts without a heartbeat, in minutes. */
  readonly leaseMinutes: number;
  /** How long a proposal waits for its approver, in hours. */
  readonly proposalHours: number;
  /** How long a decision that sanctions counts as a strike, in days. */
  readonly strikeDays: number;
  /** How long before a deadline the case counts as due soon, in hours. */
  readonly dueSoonHours: number;
  readonly clauses: Readonly<Record<string, Clause>>;
  /** Why a case with these open reasons must not be held; undefined where it may. */
  readonly whyNotHeld: (background: CaseBackground) => string | undefined;
  /** What is wrong with these sanctions for this player, as a sentence; undefined where nothing is. */
  readonly whyNotSanctioned: (sanctions: readonly SanctionOrder[], background: CaseBackground) => string | undefined;
  /** Sanctions that need somebody else's approval. */
  readonly needsApproval: (sanctions: readonly SanctionOrder[], background: CaseBackground) => boolean;
  /** What the team's ladder has for this player: a suggestion that a console shows. */
  readonly suggestedSanctions: (background: CaseBackground) => readonly SanctionOrder[];
  /** Kinds that this team imposes. */
  readonly sanctionKinds: readonly SanctionKind[];
}
