import { UnavailableError } from '@ringside/core';
import type { EventLog, StoredRecord } from '@ringside/event-log';
import { decodeEvent, type RingsideEvent } from '@ringside/events';
import { startService, type Logger, type RunningService } from '@ringside/platform';
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
  /** Every event on the log, per topic. */
  events(topic: string): Promise<readonly RingsideEvent[]>;
  close(): Promise<void>;
}

export async function startIntake(logger?: Logger): Promise<IntakeUnderTest> {
  const drivers = await openTestDrivers();
  const eventLog = drivers.log;
  const viewStore = await drivers.store('report-intake');
  let failing = false;
  const fickle = new Proxy(eventLog, {
    get(target, property) {
      if (property === 'append' && failing) return () => Promise.reject(new UnavailableError('event-log', 'The disk is full.'));
      const value: unknown = Reflect.get(target, property);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  const config = { logLevel: 'silent' as const };
  const service = await startService(reportIntake, { eventLog: fickle, viewStore, config, ...(logger && { logger }) });
  return {
    service,
    viewStore,
    eventLog,
    failAppends: (value) => void (failing = value),
    events: (topic) => eventsOf(eventLog, topic),
    close: async () => {
      await service.close();
      await drivers.close();
    },
  };
}

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
