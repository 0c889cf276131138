import { appealsTopic } from '@ringside/events';
import type { EventLog, NewRecord, StoredRecord, Subscription } from '@ringside/event-log';

import type { LogContent } from '../log/log-content.js';
import type { PlantedBug } from './planted.js';

const onSubscriptions = (log: EventLog, change: (subscription: Subscription) => Partial<Subscription>): EventLog => ({
  ...log,
  subscribe: async (options) => {
    const subscription = await log.subscribe(options);
    return {
      receive: (how) => subscription.receive(how),
      acknowledge: (deliveries) => subscription.acknowledge(deliveries),
      redeliver: (partition) => subscription.redeliver(partition),
      assigned: () => subscription.assigned(),
      close: () => subscription.close(),
      ...change(subscription),
    };
  },
});

const answerOf = (records: readonly NewRecord[]): readonly StoredRecord[] => records as readonly StoredRecord[];

export const ofLogs: readonly PlantedBug[] = [
  {
    name: 'acknowledges-before-writing',
    what: 'Report-intake answers 202 while the log is still writing.',
    withinSeeds: 100,
    fault: /^Report \S+ was accepted, and the log of \S+ does not have it/,
    plant: () => ({
      log: (log, _at, service) => ({
        ...log,
        append: (records) => {
          if (service !== 'report-intake') return log.append(records);
          void log.append(records).catch(() => undefined);
          return Promise.resolve(answerOf(records));
        },
      }),
    }),
  },
  {
    name: 'acknowledges-appeals-early',
    what: 'Report-intake answers an appeal, and writes it a second later.',
    withinSeeds: 300,
    fault: /^Appeal \S+ was accepted, and the log of \S+ does not have it/,
    plant: () => ({
      log: (log) => ({
        ...log,
        append: (records) => {
          if (records.some(({ topic }) => topic !== appealsTopic.topic)) return log.append(records);
          setTimeout(() => void log.append(records).catch(() => undefined), 1_000);
          return Promise.resolve(answerOf(records));
        },
      }),
    }),
  },
  {
    name: 'delivers-out-of-order',
    what: 'The records of a batch are handed to the views in another order.',
    withinSeeds: 100,
    fault: /are in the order|is parked in front of it|simulated_ledger_g1 .* as in a replay/,
    plant: () => ({
      log: (log, _at, service) =>
        service === 'replicator'
          ? log
          : onSubscriptions(log, (subscription) => ({
              receive: async (how) => [...(await subscription.receive(how))].reverse(),
            })),
    }),
  },
  {
    name: 'replicates-what-is-regional',
    what: 'The replicator takes the evidence of reports along to the other region.',
    withinSeeds: 100,
    fault: /^ReportEvidenceFiled \S+ lies on report-evidence in/,
    plant: () => {
      const contents = new Map<string, LogContent>();
      return {
        log: (log, at, service) => {
          contents.set(at.name, at.log);
          if (service !== 'replicator') return log;
          return {
            ...log,
            append: async (records) => {
              const others = [...contents].filter(([name]) => name !== at.name).map(([, content]) => content);
              const evidence = others.flatMap(({ topics }) => topics.get('report-evidence')?.partitions.flat() ?? []);
              return (await log.append([...records, ...evidence.slice(0, 1)])).slice(0, records.length);
            },
          };
        },
      };
    },
  },
  {
    name: 'loses-what-reactions-say',
    what: 'What follows from an event is said once, and not again where the log could not take it.',
    withinSeeds: 300,
    fault: /has the events .*, and the log has/,
    plant: () => ({
      log: (log, _at, service) => ({
        ...log,
        append: (records) =>
          service === 'report-intake' || service === 'replicator'
            ? log.append(records)
            : log.append(records).catch(() => answerOf(records)),
      }),
    }),
  },
];
