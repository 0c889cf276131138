import { isoTime, type IsoTime } from '@ringside/core';
import type { Sanction, SanctionKind } from '@ringside/events';

import { appealableUntil } from './appeals.js';
import type { CaseBackground } from './case-command.js';
import type { DecisionRecord } from './case-work.js';
import { clauseNamed, type CaseworkPolicy, type Clause } from './casework-policy.js';
import { dayOf, momentOf, statementText } from './statement-text.js';

export interface StatementInput {
  readonly decision: DecisionRecord;
  readonly case: { readonly game: string; readonly subjectId: string };
  readonly policy: Pick<CaseworkPolicy, 'clauses' | 'otherClause'>;
  /** Reports of the case, as far as the views have them; those that the decision does not cover are passed over. */
  readonly reports: CaseBackground['openReports'];
  /** Whether a machine pointed at the conduct: a signal of telemetry, a filter of words. */
  readonly detectedByMachine: boolean;
}

/** What a sanction does to the player, in the terms of Article 17(1). */
export type Measure = 'warning' | 'partial_suspension_of_service' | 'suspension_of_account' | 'termination_of_account';

/** Article 17(3) of Regulation (EU) 2022/2065, point by point. Every part has sentences; together they are `text`. */
export interface StatementOfReasons {
  readonly decisionId: string;
  readonly playerId: string;
  readonly game: string;
  readonly effectiveAt: IsoTime;
  /** When and how the decision ended before its time; null where it did not. */
  readonly ended: { readonly at: IsoTime; readonly because: 'reverted' | 'overturned' } | null;
  /** (a) What is restricted, where, and for how long. */
  readonly restrictions: readonly {
    readonly kind: SanctionKind;
    readonly measure: Measure;
    readonly territorialScope: string;
    readonly from: IsoTime;
    /** Null where it has no end, and for a warning, which has none. */
    readonly until: IsoTime | null;
    readonly sentence: string;
  }[];
  /** (b) On which facts, and whether upon a notice or of one's own accord. Notifiers are never named. */
  readonly facts: { readonly found: string; readonly basis: 'notice' | 'own_initiative'; readonly circumstances: string };
  /** (c) Whether machines detected or decided. */
  readonly automatedMeans: { readonly detection: boolean; readonly decision: boolean; readonly sentence: string };
  /** (d) The law, or (e) the contract, and why the conduct breaks it. */
  readonly ground: {
    readonly kind: 'illegal' | 'incompatible_with_terms';
    readonly clause: string;
    readonly reference: string;
    readonly explanation: string;
  };
  /** (f) What the player can do about it. */
  readonly redress: {
    readonly internal: { readonly until: IsoTime; readonly sentence: string };
    readonly outOfCourt: string;
    readonly judicial: string;
  };
  readonly text: string;
}

export type EffectiveDecision = Extract<DecisionRecord, { readonly effectiveAt: IsoTime }>;

/** The decision and its clause, where it sanctions and took effect: only then somebody has to be given reasons. */
export function sanctioningDecisionOf({
  decision,
  policy,
}: StatementInput): { readonly decision: EffectiveDecision; readonly clause: Clause } | null {
  if (!('effectiveAt' in decision) || decision.sanctions.length === 0 || decision.clause === undefined) return null;
  return { decision, clause: clauseNamed(policy, decision.clause) };
}

/**
 * What the player is told of a decision that sanctions: generated from the decision alone, so it is the same whenever it is asked
 * for. Null where nothing was imposed, or not yet.
 */
export function statementOfReasons(input: StatementInput): StatementOfReasons | null {
  const sanctioning = sanctioningDecisionOf(input);
  if (sanctioning === null) return null;
  const { decision, clause } = sanctioning;
  const statement = {
    decisionId: decision.decisionId,
    playerId: input.case.subjectId,
    game: input.case.game,
    effectiveAt: decision.effectiveAt,
    ended: 'endedAt' in decision ? { at: decision.endedAt, because: decision.state } : null,
    restrictions: decision.sanctions.map((sanction) => restrictionOf(sanction, decision.effectiveAt, input.case.game)),
    facts: factsOf(decision, clause, input),
    automatedMeans: automatedMeansOf(decision, input.detectedByMachine),
    ground: groundOf(decision, clause),
    redress: redressOf(decision),
  };
  return { ...statement, text: statementText(statement) };
}

export const measureOf = ({ kind, durationHours }: Pick<Sanction, 'kind' | 'durationHours'>): Measure => {
  if (kind === 'warn') return 'warning';
  if (kind === 'mute') return 'partial_suspension_of_service';
  return kind === 'ban' && durationHours === undefined ? 'termination_of_account' : 'suspension_of_account';
};

const whatItDoes: Readonly<Record<Measure, (game: string) => string>> = {
  warning: () => 'You are warned. Nothing is restricted.',
  partial_suspension_of_service: (game) => `You cannot write or speak to other players of ${game}.`,
  suspension_of_account: (game) => `Your account is suspended: you cannot play ${game}.`,
  termination_of_account: (game) => `Your account is terminated: you cannot play ${game} any more.`,
};

export const endOf = ({ durationHours }: Pick<Sanction, 'durationHours'>, from: IsoTime): IsoTime | null =>
  durationHours === undefined ? null : isoTime(Date.parse(from) + durationHours * 3_600_000);

function restrictionOf(sanction: Sanction, from: IsoTime, game: string): StatementOfReasons['restrictions'][number] {
  const measure = measureOf(sanction);
  const until = endOf(sanction, from);
  const territorialScope = `everywhere where ${game} is offered, all countries of the European Economic Area included`;
  const duration =
    until === null ? `from ${momentOf(from)} on, without an end` : `from ${momentOf(from)} until ${momentOf(until)}`;
  const extent = measure === 'warning' ? '' : ` This holds ${territorialScope}, ${duration}.`;
  return { kind: sanction.kind, measure, territorialScope, from, until, sentence: whatItDoes[measure](game) + extent };
}

/** Which of the decision's reports the views have, and how many there are in all. */
export function noticesOf({ decision, reports }: Pick<StatementInput, 'decision' | 'reports'>) {
  const covered = new Set(decision.reportIds);
  const known = reports.filter(({ reportId }) => covered.has(reportId));
  const filed = known.map(({ filedAt }) => filedAt).sort();
  return { count: covered.size, reasons: [...new Set(known.map(({ reason }) => reason))].sort(), filed };
}

function factsOf(decision: EffectiveDecision, { ground }: Clause, input: StatementInput): StatementOfReasons['facts'] {
  const { count, filed } = noticesOf(input);
  const basis = count === 0 ? 'own_initiative' : 'notice';
  const period = filed.length === 0 ? '' : `, filed from ${dayOf(filed[0]!)} to ${dayOf(filed.at(-1)!)}`;
  const legal = ground === 'DECISION_GROUND_ILLEGAL_CONTENT' ? ' (Article 16 of Regulation (EU) 2022/2065)' : '';
  const source =
    basis === 'notice'
      ? `We looked into it upon ${counted(count, 'notice')} by other players${period}${legal}.`
      : 'We looked into it of our own accord.';
  const rests = decision.restsOn === undefined ? '' : ` ${decision.restsOn}`;
  const second = decision.approvedBy === null ? '' : ' A second person examined the decision and approved of it.';
  const earlier =
    decision.priorStrikes === 0
      ? 'No earlier decision counted against you.'
      : `${counted(decision.priorStrikes, 'earlier decision')} counted against you.`;
  return { found: decision.facts, basis, circumstances: `${source}${rests}${second} ${earlier}` };
}

export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function automatedMeansOf({ automated }: EffectiveDecision, detection: boolean): StatementOfReasons['automatedMeans'] {
  const detected = detection
    ? 'Automated analysis pointed to what happened.'
    : 'No automated means were used to detect what happened.';
  const decided = automated ? 'It was decided by automated means.' : 'A person decided, without automated means.';
  return { detection, decision: automated, sentence: `${detected} ${decided}` };
}

function groundOf({ clause: name }: EffectiveDecision, clause: Clause): StatementOfReasons['ground'] {
  const common = { clause: name!, explanation: explanationOf(clause) };
  return clause.ground === 'DECISION_GROUND_ILLEGAL_CONTENT'
    ? { kind: 'illegal', reference: clause.law ?? clause.provision, ...common }
    : { kind: 'incompatible_with_terms', reference: clause.provision, ...common };
}

/** Why the conduct breaks the rule. Names nobody, for the database is given it as well. */
export function explanationOf({ ground, title, provision, law }: Clause): string {
  return ground === 'DECISION_GROUND_ILLEGAL_CONTENT'
    ? `The facts show ${title}. This is unlawful under: ${law ?? provision}. It also breaks our terms: ${provision}.`
    : `The facts show ${title}. Our terms forbid this: ${provision}.`;
}

function redressOf({ decisionId, effectiveAt }: EffectiveDecision): StatementOfReasons['redress'] {
  const until = appealableUntil(effectiveAt);
  return {
    internal: {
      until,
      sentence:
        `You can appeal to us, free of charge, until the end of ${dayOf(until)} (UTC): use the game's appeal form and name decision ` +
        `${decisionId}. Somebody who had no part in the decision looks at it again.`,
    },
    outOfCourt:
      'You can turn to an out-of-court dispute settlement body that is certified under Article 21 of Regulation (EU) 2022/2065; ' +
      'the European Commission keeps the list of them.',
    judicial: 'You can go to court at any time, whether or not you appealed.',
  };
}
