import * as z from 'zod';
import { defineEvent, firstVersion, type EventOf } from '../define-event.js';
import { freeText, isoTime, opaqueId } from '../fields.js';
import { personal } from '../personal.js';
import { appealsTopic } from '../topics.js';
import { caseTextCharactersMax } from './case-step.js';

const v1 = z.strictObject({
  appealId: opaqueId,
  playerId: opaqueId,
  decisionId: opaqueId,
  statement: personal(freeText(caseTextCharactersMax)),
  filedAt: isoTime,
});

/** A player objects to a decision, in their own words. Whether it is taken up is the deciding team's answer. */
export const appealFiled = defineEvent({
  type: 'AppealFiled',
  topic: appealsTopic,
  stream: ({ appealId }) => `appeal-${appealId}`,
  sequence: () => 1,
  versions: firstVersion({ data: v1, key: 'playerId' }),
});

export type AppealFiled = EventOf<typeof appealFiled>;
