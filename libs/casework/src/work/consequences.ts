import { deriveUuidv7, isoTime } from '@ringside/core';
import {
  caseProgressed,
  createEvent,
  reportsPerStepMax,
  sanctionImposed,
  sanctionReversed,
  type CaseEvent,
  type CaseProgressed,
  type EventDefinition,
  type RingsideEvent,
  type Sanction,
} from '@ringside/events';

import type { CaseStep } from './case-step.js';
import { decisionOf, type CaseWork, type DecisionRecord } from './case-work.js';
import type { CaseworkPolicy } from './casework-policy.js';

/**
 * What is published with an event of a case, beside the event itself: how the case stands, and what the player may no longer or
 * again do. `after` is the case with the event. Pure: publishing again gives the same events under the same ids.
 */
export const consequencesOf =
  (policy: Pick<CaseworkPolicy, 'strikeDays'>) =>
  (after: CaseWork, event: CaseEvent): readonly RingsideEvent[] => [
    ...progressOf(after, event),
    ...sanctionChangesOf(after, event, policy),
  ];

type Following<Data> = { readonly definition: EventDefinition<string, Data>; readonly label: string; readonly data: Data };

/** An event that follows from another: same time and place, and an id that derives from its id. */
function following<Data>(from: CaseEvent, { definition, label, data }: Following<Data>): RingsideEvent {
  const { time, region, source, correlationId, traceparent } = from;
  const causationId = from.id;
  const id = deriveUuidv7(causationId, label);
  return createEvent(definition, { data, time, region, source, id, correlationId, causationId, traceparent }) as RingsideEvent;
}

/**
 * One event, or several where the decision covers more reports than one may name: all of them say the same of the case, have the
 * same `caseVersion`, and their `reportIds` add up.
 */
function progressOf(after: CaseWork, event: CaseEvent): readonly RingsideEvent[] {
  const { caseId, team, game, subjectId, caseVersion } = event.data;
  const { adopted, claim, acknowledgedAt, held, pausedMs, escalated } = after;
  const homeRegion = adopted?.homeRegion ?? event.region;
  const heldSince = held?.since ?? null;
  // In one piece: this is made for every step, and a field that is added behind a spread costs more than all of it.
  const inTermZero = {
    caseId,
    team,
    game,
    subjectId,
    homeRegion,
    caseVersion,
    claim,
    acknowledgedAt,
    heldSince,
    pausedMs,
    escalated,
  };
  const standing = adopted === undefined ? inTermZero : { ...inTermZero, basedOn: adopted.basedOn };
  return touchedDecisions(after, event).map((decision, chunk) =>
    following(event, {
      definition: caseProgressed,
      label: `CaseProgressed/${chunk}`,
      data: decision === null ? standing : { ...standing, decision },
    }),
  );
}

type ProgressOfDecision = NonNullable<CaseProgressed['data']['decision']>;

function touchedDecisions(after: CaseWork, event: CaseEvent): readonly (ProgressOfDecision | null)[] {
  const touched = touchedDecisionOf(event);
  const decision = touched && decisionOf(after, touched.decisionId);
  if (decision === undefined) return [null];
  const { decisionId, state, verdict, decidedBy, decidedAt } = decision;
  const sanctioned = decision.sanctions.length > 0;
  const about = { decisionId, state, verdict, sanctioned, decidedBy, decidedAt, appeal: appealOn(after, decisionId) };
  const reportIds = touched!.reportIds === 'all' ? decision.reportIds : touched!.reportIds;
  const chunks = Array.from({ length: Math.max(1, Math.ceil(reportIds.length / reportsPerStepMax)) }, (_, chunk) =>
    reportIds.slice(chunk * reportsPerStepMax, (chunk + 1) * reportsPerStepMax),
  );
  return chunks.map((some) => ({ ...about, reportIds: some }));
}

interface Touched {
  readonly decisionId: string;
  /** Of which reports the step changes whether they are covered. */
  readonly reportIds: readonly string[] | 'all';
}

function touchedDecisionOf({ type, data }: CaseEvent): Touched | undefined {
  switch (type) {
    case 'DecisionProposed':
    case 'DecisionMade':
      return { decisionId: data.decision.decisionId, reportIds: data.decision.reportIds };
    case 'ReportsCovered':
      return { decisionId: data.decisionId, reportIds: data.reportIds };
    case 'DecisionApproved':
    case 'DecisionRejected':
    case 'DecisionReverted':
      return { decisionId: data.decisionId, reportIds: 'all' };
    case 'AppealOpened':
      return { decisionId: data.decisionId, reportIds: [] };
    case 'AppealDecided':
      return { decisionId: data.decisionId, reportIds: data.outcome === 'overturned' ? 'all' : [] };
    default:
      return undefined;
  }
}

function appealOn({ appeals }: CaseWork, decisionId: string): ProgressOfDecision['appeal'] {
  const states = Object.values(appeals).flatMap((appeal) => (appeal.decisionId === decisionId ? [appeal.state] : []));
  if (states.includes('decided')) return 'decided';
  return states.includes('open') ? 'open' : 'none';
}

function sanctionChangesOf(
  after: CaseWork,
  event: CaseEvent,
  { strikeDays }: Pick<CaseworkPolicy, 'strikeDays'>,
): readonly RingsideEvent[] {
  const change = sanctionChangeOf(event);
  const decision = change && decisionOf(after, change.decisionId);
  if (decision === undefined) return [];
  const { caseId, team, game, subjectId: playerId, caseVersion } = event.data;
  return decision.sanctions.map((sanction) => {
    const about = { sanctionId: sanction.sanctionId, playerId, game, team, caseId, decisionId: decision.decisionId };
    const { because } = change!;
    if (because !== null) {
      const label = `SanctionReversed/${sanction.sanctionId}`;
      return following(event, { definition: sanctionReversed, label, data: { ...about, because } });
    }
    const terms = termsOf(decision, sanction, event.time, strikeDays);
    const label = `SanctionImposed/${sanction.sanctionId}`;
    return following(event, { definition: sanctionImposed, label, data: { ...about, ...terms, caseVersion } });
  });
}

/** Whose sanctions begin with the event, or end, and then why. */
export function sanctionChangeOf({
  type,
  data,
}: CaseStep | CaseEvent): { readonly decisionId: string; readonly because: 'reverted' | 'overturned' | null } | undefined {
  if (type === 'DecisionMade') return { decisionId: data.decision.decisionId, because: null };
  if (type === 'DecisionApproved') return { decisionId: data.decisionId, because: null };
  if (type === 'DecisionReverted') return { decisionId: data.decisionId, because: 'reverted' };
  if (type === 'AppealDecided' && data.outcome === 'overturned') {
    return { decisionId: data.decisionId, because: 'overturned' };
  }
  return undefined;
}

const hourMs = 3_600_000;

function termsOf(decision: DecisionRecord, { kind, durationHours }: Sanction, from: string, strikeDays: number) {
  const after = (hours: number): string => isoTime(Date.parse(from) + hours * hourMs);
  return {
    kind,
    ...(decision.clause === undefined ? {} : { clause: decision.clause }),
    from,
    until: durationHours === undefined ? null : after(durationHours),
    strikeUntil: after(strikeDays * 24),
  };
}
