import { UnavailableError } from '@ringside/core';
import type { EventLog, StoredRecord } from '@ringside/event-log';
import { decodeEvent, type RingsideEvent } from '@ringside/events';
import { startService, type RunningService, type StartOptions } from '@ringside/platform';
import { openTestDrivers } from '@ringside/testing';
import type { ViewStore } from '@ringside/view-store';
import { reportIntake } from './index.js';

/** report-intake on embedded drivers in a directory of its own, reached as its clients reach it. */
export interface IntakeUnderTest {
  readonly service: RunningService;
  readonly viewStore: ViewStore;
  readonly eventLog: EventLog;
  /** Takes the log away: appends fail from now on, without being stored. */
  failAppends(failing: boolean): void;
  /** From now on each append waits for this first, and is not made where it fails. */
  beforeAppends(work: () => unknown): void;
  /** Every event on the log, per topic. */
  events(topic: string): Promise<readonly RingsideEvent[]>;
  close(): Promise<void>;
}

export async function startIntake({
  config = {},
  ...options
}: Pick<StartOptions, 'clock' | 'config' | 'logger'> = {}): Promise<IntakeUnderTest> {
  const drivers = await openTestDrivers();
  const eventLog = drivers.log;
  const viewStore = await drivers.store('report-intake');
  let beforeAppend: () => unknown = () => undefined;
  const fickle = new Proxy(eventLog, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property);
      const call = typeof value === 'function' ? (value.bind(target) as EventLog['append']) : undefined;
      if (property !== 'append') return call ?? value;
      return async (...given: Parameters<EventLog['append']>) => {
        await beforeAppend();
        return call!(...given);
      };
    },
  });
  const silent = { logLevel: 'silent' as const };
  const service = await startService(reportIntake, {
    eventLog: fickle,
    viewStore,
    ...options,
    config: { ...silent, ...config },
  });
  return {
    service,
    viewStore,
    eventLog,
    failAppends: (failing) => void (beforeAppend = failing ? diskFull : () => undefined),
    beforeAppends: (work) => void (beforeAppend = work),
    events: (topic) => eventsOf(eventLog, topic),
    close: async () => {
      await service.close();
      await drivers.close();
    },
  };
}

const diskFull = (): never => {
  throw new UnavailableError('event-log', 'The disk is full.');
};

async function eventsOf(log: EventLog, topic: string): Promise<readonly RingsideEvent[]> {
  const records: StoredRecord[] = [];
  for (const { partition } of await log.heads(topic)) {
    for await (const record of log.read({ topic, partition })) records.push(record);
  }
  return records.map(({ bytes }) => {
    const decoded = decodeEvent(bytes);
    if (!decoded.ok) throw new Error(decoded.error.message);
    return decoded.value;
  });
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: unknown;
}

export async function request({ service }: IntakeUnderTest, path: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(service.url + path, init);
  const text = await response.text();
  const isJson = /^application\/(problem\+)?json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, text, body: isJson ? (JSON.parse(text) as unknown) : undefined };
}

export const file = (intake: IntakeUnderTest, form: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  fileRaw(intake, JSON.stringify(form), headers);

export const fileRaw = (
  intake: IntakeUnderTest,
  body: NonNullable<RequestInit['body']>,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  request(intake, '/v1/reports', { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

export const form = { game: 'arena', reporterId: 'player-1', subjectId: 'player-2', reason: 'aimbot' };
