import * as z from 'zod';
import { defineEvent, firstVersion, type EventOf } from '../define-event.js';
import { isoTime, opaqueId } from '../fields.js';
import { sanctionsTopic } from '../topics.js';
import { policyClause, teamName } from './case-step.js';
import { sanctionKind } from './decision.js';

const imposedV1 = z.strictObject({
  sanctionId: opaqueId,
  playerId: opaqueId,
  game: opaqueId,
  team: teamName,
  caseId: opaqueId,
  decisionId: opaqueId,
  kind: sanctionKind,
  /** The clause that was broken; absent where the decision names none. */
  clause: policyClause.exactOptional(),
  from: isoTime,
  /** Null for a warning, which does not last, and for a ban that is permanent. */
  until: isoTime.nullable(),
  /** Until when the decision counts as a strike against the player. */
  strikeUntil: isoTime,
});

const imposedV2 = z.strictObject({
  ...imposedV1.shape,
  /** The step of the case that it follows from; absent where it was imposed before there were terms. */
  caseVersion: z.int().min(1).exactOptional(),
});

/** A player may not do something from now on. Game servers subscribe to these. */
export const sanctionImposed = defineEvent({
  type: 'SanctionImposed',
  topic: sanctionsTopic,
  stream: ({ sanctionId }) => `sanction-${sanctionId}`,
  sequence: () => 1,
  versions: firstVersion({ data: imposedV1, key: 'playerId' }).next({
    data: imposedV2,
    key: 'playerId',
    upcast: (before) => before,
  }),
});
export type SanctionImposed = EventOf<typeof sanctionImposed>;

const reversedV1 = z.strictObject({
  sanctionId: opaqueId,
  playerId: opaqueId,
  game: opaqueId,
  team: teamName,
  caseId: opaqueId,
  decisionId: opaqueId,
  because: z.enum(['reverted', 'overturned']),
});

const reversedV2 = z.strictObject({
  ...reversedV1.shape,
  /** `superseded`: decided by a region that did not know that another one had been promoted in its place. */
  because: z.enum(['reverted', 'overturned', 'superseded']),
});

/** What was imposed ends at once, and its strike with it. Final: a sanction is not imposed anew under its id. */
export const sanctionReversed = defineEvent({
  type: 'SanctionReversed',
  topic: sanctionsTopic,
  stream: ({ sanctionId }) => `sanction-${sanctionId}`,
  sequence: () => 2,
  versions: firstVersion({ data: reversedV1, key: 'playerId' }).next({
    data: reversedV2,
    key: 'playerId',
    upcast: (before) => before,
  }),
});
export type SanctionReversed = EventOf<typeof sanctionReversed>;
