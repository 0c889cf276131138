import type { Projection, RowKey } from '@ringside/core';
import { caseEventDefinitions, type CaseEvent, type RingsideEvent } from '@ringside/events';

import { put } from './case-rows.js';
import type { CaseRules } from './case-rules.js';

/**
 * Partition = case, key = time and event id: every step of the case as it was, those of every region that has worked it. Insert-only.
 * From the topic `cases`.
 */
export const caseStepsTable = 'case_steps';

/** A step as it is kept. */
export interface StepOnFile extends Pick<CaseEvent, 'type' | 'data'> {
  readonly at: string;
  readonly eventId: string;
  /** Of the command that led to it. */
  readonly causationId?: string;
}

const stepTypes: ReadonlySet<string> = new Set(caseEventDefinitions.map(({ type }) => type));
export const isCaseEvent = (event: RingsideEvent): event is CaseEvent => stepTypes.has(event.type);

const stepRow = ({ time, id, data }: CaseEvent): RowKey => ({
  table: caseStepsTable,
  partition: data.caseId,
  key: `${time}/${id}`,
});

const onFile = ({ type, data, time, id, causationId }: CaseEvent): StepOnFile =>
  ({ at: time, eventId: id, type, data, ...(causationId === undefined ? {} : { causationId }) }) as StepOnFile;

/** What a team did with its cases, for their timelines, and for the region that goes on with them. */
export const caseSteps = ({ team }: Pick<CaseRules, 'team'>): Projection<RingsideEvent> => ({
  name: 'CaseSteps',
  tables: [caseStepsTable],
  entity: (event) => (isCaseEvent(event) && event.data.team === team ? stepRow(event) : undefined),
  sequence: (event) => (event as CaseEvent).data.caseVersion,
  follows: (event) => (event.type === 'CaseAdopted' ? event.data.basedOn : (event as CaseEvent).data.caseVersion - 1),
  project: (event) => (isCaseEvent(event) ? [put(stepRow(event), onFile(event))] : []),
});
