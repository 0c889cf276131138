import { setImmediate as othersTurn } from 'node:timers/promises';
import { isoTime, type JsonObject, type RowKey, type RowReader } from '@ringside/core';
import { caseFiles, caseTables, type CaseFile, type CaseRules } from '@ringside/casework';
import type { RingsideEvent } from '@ringside/events';
import type { Row } from '@ringside/view-store';

import type { Views } from './views.js';

/** The case as its events up to a time make it: with the claim and the decisions of then. Undefined where there was none yet. */
export async function caseAt(views: Views, rules: CaseRules, caseId: string, at: string): Promise<CaseFile | undefined> {
  const projection = caseFiles(rules);
  const rows = new Map<string, JsonObject>();
  const reader: RowReader = { get: ({ key }) => rows.get(key) };
  const to = endOfTimeline(at);
  for await (const { value } of inOrder(
    rowsOf(views, { table: caseTables.timeline, partition: caseId }, to),
    rowsOf(views, { table: caseTables.history, partition: caseId }, to),
  )) {
    const { eventId: id, type, at: time, data } = value;
    for (const write of projection.project({ id, type, time, data } as unknown as RingsideEvent, reader)) {
      if (write.table !== caseTables.cases) continue;
      if (write.kind === 'put') rows.set(write.key, write.value);
      else rows.delete(write.key);
    }
  }
  const file = rows.get('case') as unknown as CaseFile | undefined;
  return file?.firstReportedAt == null ? undefined : file;
}

async function* rowsOf(views: Views, { table, partition }: Omit<RowKey, 'key'>, to: string): AsyncGenerator<Row> {
  let after: string | undefined;
  for (;;) {
    const page = await views.page(table, partition, { limit: 500, to, ...(after === undefined ? {} : { after }) });
    yield* page;
    if (page.length < 500) return;
    after = page.at(-1)!.key;
    await othersTurn(); // a long history takes seconds, and a store on this machine would not let anybody in between
  }
}

/** Rows of two partitions in the order of their keys. */
async function* inOrder(left: AsyncGenerator<Row>, right: AsyncGenerator<Row>): AsyncGenerator<Row> {
  let [a, b] = [await left.next(), await right.next()];
  while (!a.done || !b.done) {
    const takeLeft = b.done || (!a.done && a.value.key < b.value.key);
    yield (takeLeft ? a.value : b.value) as Row;
    if (takeLeft) a = await left.next();
    else b = await right.next();
  }
}

/** A zone can move the last hours of it into a year of five digits. */
const lastTime = Date.parse('9999-12-31T23:59:59.999Z');

/** Sorts behind every key of that time, each of which goes on with "/", and before those of the next millisecond. */
const endOfTimeline = (until: string): string => `${isoTime(Math.min(lastTime, Date.parse(until)))}~`;
