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
  /** Clauses that the statement of reasons knows more of than their names. */
  readonly clauses: Readonly<Record<string, Clause>>;
  /** What is said of a clause that is not among them: games have rules of their own, and a decision may name any of them. */
  readonly otherClause: Clause;
  /** Why a case with these open reasons must not be held; undefined where it may. */
  readonly whyNotHeld: (background: CaseBackground) => string | undefined;
  /** Sanctions that need somebody else's approval. */
  readonly needsApproval: (sanctions: readonly SanctionOrder[], background: CaseBackground) => boolean;
  /** What the team's ladder has for this player: a suggestion that a console shows. Deciders may leave it in either direction. */
  readonly suggestedSanctions: (background: CaseBackground) => readonly SanctionOrder[];
  /** Kinds that this team imposes. */
  readonly sanctionKinds: readonly SanctionKind[];
}

/** What there is to say of a clause that a decision names. */
export const clauseNamed = ({ clauses, otherClause }: Pick<CaseworkPolicy, 'clauses' | 'otherClause'>, name: string): Clause =>
  Object.hasOwn(clauses, name) ? clauses[name]! : otherClause;
