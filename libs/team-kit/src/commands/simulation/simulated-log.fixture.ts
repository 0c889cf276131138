import type { EventLog, NewRecord, StoredRecord } from '@ringside/event-log';

import type { World } from './world.fixture.js';

/** What the log has, in the order in which it took it. Every topic has one partition. */
export type LogContent = NewRecord[];

/** How the log is broken, to see that it is noticed. */
export type LogBug = 'answers before it stores';

/** A process's client of the log. An append that is cut off has stored the beginning of each topic's records. */
export function simulatedLog(world: World, process: object, content: LogContent, bug?: LogBug): EventLog {
  const append = (records: readonly NewRecord[]): Promise<readonly StoredRecord[]> => {
    const topics = [...new Set(records.map(({ topic }) => topic))];
    // Of one topic in order; topics one after the other, in an order of the log's own.
    const parts = topics.flatMap((topic) =>
      records.filter((record) => record.topic === topic).map((record) => () => void content.push(record)),
    );
    if (bug === 'answers before it stores') {
      world.call(process, 'event-log', () => undefined, { parts, inOrder: true }).catch(() => undefined);
      return Promise.resolve([]);
    }
    return world.call(process, 'event-log', () => [], { parts, inOrder: true });
  };
  return { append } as unknown as EventLog;
}
