import type { Projection, RowKey } from '@ringside/core';
import { caseEventDefinitions, type CaseEvent, type RingsideEvent } from '@ringside/events';

import { put } from './case-rows.js';
import type { CaseRules } from './case-rules.js';

/** Partition = case, key = time and event id: every step of the case's stream as it was, in the order of the stream. Insert-only. From the topic `cases`. */
export const caseStepsTable = 'case_steps';

const stepTypes: ReadonlySet<string> = new Set(caseEventDefinitions.map(({ type }) => type));
export const isCaseEvent = (event: RingsideEvent): event is CaseEvent => stepTypes.has(event.type);

const stepRow = ({ time, id, data }: CaseEvent): RowKey => ({
  table: caseStepsTable,
  partition: data.caseId,
  key: `${time}/${id}`,
});

/** What a team did with its cases, for their timelines. */
export const caseSteps = ({ team }: Pick<CaseRules, 'team'>): Projection<RingsideEvent> => ({
  name: 'CaseSteps',
  tables: [caseStepsTable],
  entity: (event) => (isCaseEvent(event) && event.data.team === team ? stepRow(event) : undefined),
  sequence: (event) => (event as CaseEvent).data.caseVersion,
  project: (event) =>
    isCaseEvent(event) ? [put(stepRow(event), { at: event.time, eventId: event.id, type: event.type, data: event.data })] : [],
});
