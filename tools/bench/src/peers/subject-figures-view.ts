import type { JsonObject, Projection, RowKey } from '@ringside/core';
import { reportsTopic, type RingsideEvent } from '@ringside/events';
import type { Subscriber, Views } from '@ringside/team-kit';

import { withReport, type SubjectFigures } from './subject-figures.js';

const table = 'subject_figures';

const figuresRow = (subjectId: string): RowKey => ({ table, partition: subjectId, key: 'figures' });

/** The view that the peers make, as a projection of Ringside: the kit around it is what a team's service has. */
const subjectFigures: Projection<RingsideEvent> = {
  name: 'SubjectFigures',
  tables: [table],
  entity: (event) => (event.type === 'ReportFiled' ? figuresRow(event.data.subjectId) : undefined),
  project: (event, rows) => {
    if (event.type !== 'ReportFiled') return [];
    const row = figuresRow(event.data.subjectId);
    const figures = withReport((rows.get(row) ?? {}) as unknown as SubjectFigures, event.data);
    return [{ kind: 'put', ...row, value: figures as unknown as JsonObject }];
  },
};

export const figuresSubscriber: Subscriber = {
  name: 'bench-figures',
  topics: [reportsTopic.topic],
  projections: [subjectFigures],
  // A report that comes twice counts once.
  identity: (event) => (event.type === 'ReportFiled' ? { table, partition: event.data.subjectId } : undefined),
  reactions: [],
};

export async function readFigures(views: Views): Promise<ReadonlyMap<string, SubjectFigures>> {
  const view = new Map<string, SubjectFigures>();
  for await (const { partition, key, value } of views.scan(table)) {
    if (key === figuresRow(partition).key) view.set(partition, value as unknown as SubjectFigures);
  }
  return view;
}
