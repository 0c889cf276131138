import { openEmbeddedEventLog } from '@ringside/event-log-embedded';
import { reportsTopic } from '@ringside/events';

import { logDirectory } from '../project-log.js';
import { expectCount, type BenchRow, type Figures } from '../row.js';
import { runWorker, startWorker } from '../worker-process.js';

export interface WriterInput {
  readonly data: string;
  readonly writer: number;
  readonly callers: number;
  readonly events: number;
}

/** When the writer's last event was durable, on the clock that all processes of the machine share (ms). */
export interface WriterResult {
  readonly startedAt: number;
  readonly endedAt: number;
}

export interface CounterInput {
  readonly data: string;
  readonly views: string;
  readonly subscription: string;
  /** All events, of all writers. */
  readonly events: number;
}

export interface CounterResult {
  readonly endedAt: number;
  /** Events that the processor counted as projected. */
  readonly projected: number;
  /** The sum of the figures that the views show. */
  readonly figures: number;
  /** Rows of the timeline: one for each event. */
  readonly timelineRows: number;
  /** Reports attached to cases, as the cases count them. */
  readonly inCases: number;
}

const writers = 4;
const subscriptions = ['first-counter', 'second-counter'];

export const manyWriters: BenchRow = {
  name: 'writers',
  title: `${writers} processes append at once, ${subscriptions.length} subscriptions project and count meanwhile`,
  run: async ({ quick, newDirectory, say }): Promise<Figures> => {
    const data = newDirectory();
    const eventsEach = quick ? 2_000 : 15_000;
    const events = writers * eventsEach;
    const log = await openEmbeddedEventLog({ directory: logDirectory(data) });
    await log.createTopic(reportsTopic.topic, reportsTopic);
    await log.close();
    const counters = subscriptions.map((subscription) => {
      const input: CounterInput = { data, views: newDirectory(), subscription, events };
      return startWorker<CounterResult>('counter', input);
    });
    const writing = Array.from({ length: writers }, (_, writer) => {
      const input: WriterInput = { data, writer, callers: 16, events: eventsEach };
      return startWorker<WriterResult>('writer', input);
    });
    await Promise.all([...counters, ...writing].map(({ ready }) => ready));
    for (const worker of [...counters, ...writing]) worker.go();
    const written = await Promise.all(writing.map(({ result }) => result));
    say(`${events} events are written`);
    const counted = await Promise.all(counters.map(({ result }) => result));
    const onLog = await runWorker<number>('count-events', { data });
    expectCount('events on the log, each once', onLog, events);
    for (const [i, { projected, figures, timelineRows, inCases }] of counted.entries()) {
      const by = subscriptions[i]!;
      expectCount(`events that ${by} projected`, projected, events);
      expectCount(`figures of ${by}`, figures, events);
      expectCount(`timeline of ${by}`, timelineRows, events);
      expectCount(`reports in the cases of ${by}`, inCases, events);
    }
    const counts = [onLog, ...counted.flatMap((one) => [one.projected, one.figures, one.timelineRows, one.inCases])];
    const startedAt = Math.min(...written.map((one) => one.startedAt));
    const perSecond = (endedAt: number): number => (events * 1_000) / (endedAt - startedAt);
    return {
      kind: 'figures',
      how: `Each writer has 16 callers and ${eventsEach.toLocaleString('en-US')} events. Counted in five places, for each subscription: on the log, by the processor, in the figures, the timelines and the cases of the views; each time every event once`,
      figures: [
        { name: 'durable events by all writers', value: perSecond(Math.max(...written.map((one) => one.endedAt))), unit: '/s' },
        {
          name: 'in the views of both subscriptions',
          value: perSecond(Math.max(...counted.map((one) => one.endedAt))),
          unit: '/s',
        },
        {
          name: 'events lost or doubled',
          value: Math.max(...counts.map((count) => Math.abs(count - events))),
          unit: `of ${events}`,
          aimMax: 0,
        },
      ],
    };
  },
};
