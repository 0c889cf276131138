import {
  counted,
  faultOfClauseName,
  lifecycleOf,
  takeStep,
  whyNotWorked,
  withBasis,
  withoutCovered,
  type CaseBackground,
  type CaseStep,
  type CaseWork,
  type Command,
  type LifecycleCommand,
  type Refusal,
  type SanctionOrder,
} from '@ringside/casework';
import { err, ok, type Decider, type Result } from '@ringside/core';
import type { Decision } from '@ringside/events';

import { abusePolicy } from './abuse-policy.js';
import { ladderFor } from './sanction-ladder.js';

// Stream: `case-<caseId>`, with the steps that every team's cases have. This team's own one is MessageReviewed.

export type AbuseStep = CaseStep;
export type MessageReview = Extract<CaseStep, { readonly type: 'MessageReviewed' }>['data'];

/** `message` of a review: the report's own description, beside the lines of its chat. */
export const descriptionMessage = -1;

// Events and what they make of a case.

export interface AbuseCase extends CaseWork {
  /** The last review of each message, by {@link messageName}. */
  readonly reviews: Readonly<Record<string, MessageReview>>;
}

const messageName = ({ reportId, message }: Pick<MessageReview, 'reportId' | 'message'>): string => `${message}/${reportId}`;

const lifecycle = lifecycleOf(abusePolicy);

// Fold.

const initialState: AbuseCase = { ...lifecycle.initialState, reviews: {} };

const evolve = (state: AbuseCase, step: AbuseStep): AbuseCase => {
  const work = lifecycle.evolve(state, step);
  return {
    ...work,
    ...withBasis(work, step, (decision) => restsOn(state, decision)),
    reviews: step.type === 'MessageReviewed' ? { ...state.reviews, [messageName(step.data)]: step.data } : state.reviews,
  };
};

/** Messages of reports that the decision covers, where they were found to break its clause. */
function restsOn({ reviews }: AbuseCase, { clause, reportIds }: Decision): string | undefined {
  const covered = new Set(reportIds);
  const found = Object.values(reviews).filter((review) => review.clause !== undefined && review.clause === clause);
  const messages = found.filter(({ reportId }) => covered.has(reportId)).length;
  return messages === 0 ? undefined : `We found ${counted(messages, 'reported message')} to break ${clause}.`;
}

// Decide.

/** One reported message was read and weighed; given again with another clause or severity, that one counts. */
export type ReviewMessage = { readonly kind: 'review_message' } & MessageReview & {
    /** What the report brought along; null where its evidence lies in another region and was read there. */
    readonly evidence: { readonly chatLines: number; readonly description: boolean } | null;
  };
export type AbuseCommand = Command<LifecycleCommand | ReviewMessage>;
type Steps = Result<readonly AbuseStep[], Refusal>;

const decide = (state: AbuseCase, command: AbuseCommand): Steps =>
  command.kind === 'review_message' ? reviewMessage(state, command) : lifecycle.decide(state, command);

/** Reviewed messages of open reports that break a clause. */
function openFindings({ reviews }: AbuseCase, { openReports }: CaseBackground): readonly MessageReview[] {
  const open = new Set(openReports.map(({ reportId }) => reportId));
  return Object.values(reviews).filter(({ reportId, clause }) => clause !== undefined && open.has(reportId));
}

/** What the ladder has for this player: by the gravest that was found, and by what was reported until anything was. */
export function suggestedSanctions(state: AbuseCase, background: CaseBackground): readonly SanctionOrder[] {
  const found = openFindings(state, background);
  if (found.length === 0) return abusePolicy.suggestedSanctions(background);
  const severity = Math.max(...found.map((review) => review.severity));
  return ladderFor({ severity, priorStrikes: background.priorStrikes });
}

function reviewMessage(state: AbuseCase, command: Command<ReviewMessage>): Steps {
  const fault =
    whyNotWorked(state, command) ?? faultOfReview({ ...command, background: withoutCovered(state, command.background) });
  if (fault !== undefined) return err(fault);
  const { reportId, message, clause, severity } = command;
  const before = reviewOf(state, command);
  if (before !== undefined && before.clause === clause && before.severity === severity) return ok([]);
  const review: MessageReview = { reportId, message, ...(clause === undefined ? {} : { clause }), severity };
  return ok([takeStep(command, 'MessageReviewed', review)]);
}

function reviewOf({ reviews }: AbuseCase, message: Pick<MessageReview, 'reportId' | 'message'>): MessageReview | undefined {
  const name = messageName(message);
  return Object.hasOwn(reviews, name) ? reviews[name] : undefined;
}

function faultOfReview({
  reportId,
  message,
  clause,
  severity,
  evidence,
  background,
}: Command<ReviewMessage>): Refusal | undefined {
  const invalid = (detail: string, pointer: string): Refusal => ({ code: 'invalid', detail, pointer });
  if (!background.openReports.some((report) => report.reportId === reportId)) {
    return invalid(`Report ${reportId} is not among the open reports of this case that you saw. Read it again.`, '/reportId');
  }
  if (evidence !== null && message === descriptionMessage && !evidence.description) {
    return invalid('The report has no description.', '/message');
  }
  if (evidence !== null && message >= evidence.chatLines) {
    const lines = evidence.chatLines === 1 ? 'one line, 0' : `${evidence.chatLines} lines, counted from 0`;
    return invalid(evidence.chatLines === 0 ? 'The report has no chat.' : `The report's chat has ${lines}.`, '/message');
  }
  if (clause === undefined) return undefined;
  if (severity === 0) return invalid('What breaks a clause has a severity of 1 or more.', '/severity');
  return faultOfClauseName(clause);
}

export const abuseCase: Decider<AbuseCase, AbuseCommand, AbuseStep, Refusal> = { initialState, decide, evolve };
