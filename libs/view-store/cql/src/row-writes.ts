import { concurrently } from '@ringside/core';
import { checkRowWrite, jsonText, type RowWrite, togetherBytesMax, togetherRowsMax } from '@ringside/view-store';

import { rowStatements } from './row-statements.js';
import { requestsAtOnceMax, type Session, type Statement } from './session.js';
import type { OnTable } from './tables.js';

/** What one partition of one table gets in one write: batches that are sent one after the other, nearly always one. */
export interface PartitionWrites {
  readonly table: string;
  readonly batches: readonly (readonly Statement[])[];
}

/** What becomes of the writes in CQL, made at once: what the caller does with the values afterwards does not matter. */
export function prepareWrites(keyspace: string, writes: readonly RowWrite[]): readonly PartitionWrites[] {
  const tables = new Map<string, { statements: ReturnType<typeof rowStatements>; partitions: Map<string, Batches> }>();
  for (const write of writes) {
    checkRowWrite(write);
    let table = tables.get(write.table);
    if (table === undefined) {
      table = { statements: rowStatements(keyspace, write.table), partitions: new Map() };
      tables.set(write.table, table);
    }
    let batches = table.partitions.get(write.partition);
    if (batches === undefined) table.partitions.set(write.partition, (batches = new Batches()));
    if (write.kind === 'delete') batches.add(table.statements.remove(write, write.timestamp), 0);
    else {
      const text = jsonText('value', write.value);
      batches.add(table.statements.put(write, write.timestamp, text), text.length);
    }
  }
  return [...tables].flatMap(([table, { partitions }]) => [...partitions.values()].map(({ batches }) => ({ table, batches })));
}

/** Partitions at the same time, so many; the batches of one in their order. */
export async function sendWrites(session: Session, onTable: OnTable, writes: readonly PartitionWrites[]): Promise<void> {
  await concurrently(writes, requestsAtOnceMax, async ({ table, batches }) => {
    for (const statements of batches) await onTable(table, () => session.write(statements));
  });
}

/** Cut where the port allows it: a batch is one mutation, and servers refuse one that half a segment of their log cannot hold. */
class Batches {
  readonly batches: Statement[][] = [];
  private bytes = 0;

  /** @param length of the value's text, in UTF-16 units: at most three bytes each. */
  add(statement: Statement, length: number): void {
    const last = this.batches.at(-1);
    const bytes = length * 3 <= smallBytes ? length * 3 : Buffer.byteLength(statement.params[2] as string);
    if (last === undefined || last.length === togetherRowsMax || this.bytes + bytes > togetherBytesMax) {
      this.batches.push([statement]);
      this.bytes = bytes;
    } else {
      last.push(statement);
      this.bytes += bytes;
    }
  }
}

/** Up to here the exact number of bytes is not worth counting. */
const smallBytes = 300;
