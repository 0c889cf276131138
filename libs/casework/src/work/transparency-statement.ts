import type { IsoTime } from '@ringside/core';

import type { Clause } from './casework-policy.js';
import {
  endOf,
  explanationOf,
  measureOf,
  noticesOf,
  sanctioningDecisionOf,
  type EffectiveDecision,
  type StatementInput,
} from './statement-of-reasons.js';
import { territories, type TransparencyStatement } from './transparency-fields.js';

/** The database takes no day after this one. */
const lastDay = '2038-01-01';
const reasonsNamedMax = 20;

/**
 * The statement as the DSA Transparency Database takes it. Null where there is nothing to submit: nothing was restricted, or not
 * yet. Made of what is not personal: neither ids of players nor what a case worker wrote.
 */
export function transparencyStatementOf(input: StatementInput): TransparencyStatement | null {
  const sanctioning = sanctioningDecisionOf(input);
  if (sanctioning === null) return null;
  const { decision, clause } = sanctioning;
  const restrictions = restrictionsOf(decision);
  if (restrictions.decision_account === null && restrictions.decision_provision === null) return null;
  const { count, filed } = noticesOf(input);
  return {
    decision_visibility: null,
    decision_monetary: null,
    ...restrictions,
    account_type: 'ACCOUNT_TYPE_PRIVATE',
    ...groundOf(clause),
    ...contentOf(clause),
    category: clause.category,
    territorial_scope: territories,
    content_date: day(filed[0] !== undefined && filed[0] < decision.effectiveAt ? filed[0] : decision.effectiveAt),
    application_date: day(decision.effectiveAt),
    decision_facts: factsOf(decision, clause, input),
    source_type: count === 0 ? 'SOURCE_VOLUNTARY' : noticeType(clause),
    automated_detection: input.detectedByMachine ? 'Yes' : 'No',
    automated_decision: decision.automated ? 'AUTOMATED_DECISION_FULLY' : 'AUTOMATED_DECISION_NOT_AUTOMATED',
    puid: decision.decisionId.replaceAll('.', '_'),
  };
}

const day = (time: IsoTime): string => time.slice(0, 10);

/** A day that the database cannot take is left out: the restriction outlasts what it records. */
const endDay = (until: IsoTime | null): string | null => (until === null || day(until) > lastDay ? null : day(until));

type Restrictions = Pick<
  TransparencyStatement,
  'decision_provision' | 'decision_account' | 'end_date_account_restriction' | 'end_date_service_restriction'
>;

/** Of several restrictions of the account the longest is named. */
function restrictionsOf({ sanctions, effectiveAt }: EffectiveDecision): Restrictions {
  const measures = sanctions.map((sanction) => ({ measure: measureOf(sanction), until: endOf(sanction, effectiveAt) }));
  const mute = measures.find(({ measure }) => measure === 'partial_suspension_of_service');
  const terminated = measures.some(({ measure }) => measure === 'termination_of_account');
  const suspendedUntil = measures
    .flatMap(({ measure, until }) => (measure === 'suspension_of_account' && until !== null ? [until] : []))
    .sort()
    .at(-1);
  const suspended = suspendedUntil === undefined ? null : ('DECISION_ACCOUNT_SUSPENDED' as const);
  return {
    decision_provision: mute === undefined ? null : 'DECISION_PROVISION_PARTIAL_SUSPENSION',
    decision_account: terminated ? 'DECISION_ACCOUNT_TERMINATED' : suspended,
    end_date_account_restriction: terminated ? null : endDay(suspendedUntil ?? null),
    end_date_service_restriction: endDay(mute?.until ?? null),
  };
}

function groundOf(clause: Clause): Pick<TransparencyStatement, 'decision_ground'> & Partial<TransparencyStatement> {
  const { ground, provision, law, url } = clause;
  const reference = url === undefined ? {} : { decision_ground_reference_url: url };
  const explanation = explanationOf(clause);
  return ground === 'DECISION_GROUND_ILLEGAL_CONTENT'
    ? {
        decision_ground: ground,
        ...reference,
        illegal_content_legal_ground: law ?? provision,
        illegal_content_explanation: explanation,
      }
    : {
        decision_ground: ground,
        ...reference,
        incompatible_content_ground: provision,
        incompatible_content_explanation: explanation,
      };
}

const contentOf = ({ content }: Clause): Pick<TransparencyStatement, 'content_type' | 'content_type_other'> =>
  content === undefined || content.length === 0
    ? { content_type: ['CONTENT_TYPE_OTHER'], content_type_other: 'Conduct of a player in an online game' }
    : { content_type: content };

/** A report is a notice under Article 16 where it is about something illegal; otherwise about the rules of the game. */
const noticeType = ({ ground }: Clause): TransparencyStatement['source_type'] =>
  ground === 'DECISION_GROUND_ILLEGAL_CONTENT' ? 'SOURCE_ARTICLE_16' : 'SOURCE_TYPE_OTHER_NOTIFICATION';

function factsOf(decision: EffectiveDecision, { title }: Clause, input: StatementInput): string {
  const { count, reasons, filed } = noticesOf(input);
  const named = reasons.length === 0 ? '' : ` for ${reasons.slice(0, reasonsNamedMax).join(', ')}`;
  const period = filed.length === 0 ? '' : ` between ${day(filed[0]!)} and ${day(filed.at(-1)!)}`;
  const source =
    count === 0
      ? 'The conduct of a player was examined without a notice.'
      : `A player of an online game was reported ${count === 1 ? 'once' : `${count} times`}${named}${period}.`;
  const who = decision.automated ? 'It was found' : 'A case worker examined what was reported and found';
  const second = decision.approvedBy === null ? '' : ' A second person approved of the decision.';
  return `${source} ${who}: ${title}. Earlier decisions that counted: ${decision.priorStrikes}.${second}`;
}
