import type { LifecycleCommand } from '@ringside/casework';
import {
  caseTimes,
  commandsOn,
  earlierDecision,
  earlierHistories,
  earlierStep as step,
  lifecycleCommands,
  reportedFor,
} from '@ringside/testing';

import type { AbuseCommand, AbuseStep, MessageReview, ReviewMessage } from './abuse-case.js';

const { ranOut, runsOn } = caseTimes;

export const background = reportedFor('harassment');
export const command = commandsOn<LifecycleCommand | ReviewMessage>(background);

export const review: MessageReview = { reportId: 'r1', message: 0, clause: 'conduct/1.1', severity: 6 };
const [clause, facts] = ['conduct/1.1', 'Insults in five matches.'];
const decision = earlierDecision({ verdict: 'uphold', clause, facts, sanctions: [{ sanctionId: 'd1.1', kind: 'ban' }] });

const histories = earlierHistories(decision, [step('MessageReviewed', { ...review, reportId: 'r0' })]);
const reviewed = [...histories.mine, step('MessageReviewed', review)];

/** Histories that lead to the states of the table. */
export const states: Readonly<Record<string, readonly AbuseStep[]>> = {
  ...histories,
  reviewed,
  held: [...reviewed, step('CaseHeld', { reason: 'Waits for a translation.' })],
  proposed: [...reviewed, step('DecisionProposed', { decision, expiresAt: runsOn })],
  expired: [...reviewed, step('DecisionProposed', { decision, expiresAt: ranOut })],
};

/** Each command as whoever may give it gives it. */
export const commands: Readonly<Record<string, AbuseCommand>> = {
  ...lifecycleCommands(command),
  review_message: command({ kind: 'review_message', ...review, severity: 5, evidence: { chatLines: 2, description: true } }),
  uphold: command({
    ...{ kind: 'decide', verdict: 'uphold', clause, facts },
    sanctions: [{ kind: 'mute', durationHours: 24 }],
  }),
  ban: command({ kind: 'decide', verdict: 'uphold', clause, facts, sanctions: [{ kind: 'ban' }] }),
};
