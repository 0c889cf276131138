import { setImmediate as othersTurn } from 'node:timers/promises';
import { DamagedRecordError, type EventLog, type Position, type ReadOptions, type StoredRecord } from '@ringside/event-log';

/** A place of the log at which there is a record that cannot be read. */
export interface DamagedPlace {
  readonly position: Position;
  readonly bytes?: never;
}

/**
 * Reads as {@link EventLog.read} does, and goes on behind records that are damaged: their places come in the place of them. With
 * `since` the log looks for where to begin in places that may be far away, so what is damaged there is thrown.
 */
export async function* readBehindDamage(
  log: Pick<EventLog, 'read'>,
  options: ReadOptions,
): AsyncGenerator<StoredRecord | DamagedPlace> {
  const { topic, partition } = options;
  let last: Position | undefined;
  for (let from = options; ;) {
    try {
      for await (const record of log.read(from)) {
        last = record.position;
        yield record;
      }
      return;
    } catch (error) {
      if (!(error instanceof DamagedRecordError) || (from.since !== undefined && last === undefined)) throw error;
      const { position } = error;
      if (last !== undefined && position <= last) throw error;
      last = position;
      yield { position };
      from = { topic, partition, after: position };
      await othersTurn();
    }
  }
}
