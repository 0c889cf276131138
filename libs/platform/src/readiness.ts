import { Inject, Injectable } from '@nestjs/common';
import type { Json } from '@ringside/core';
import type { EventLog } from '@ringside/event-log';
import type { ViewStore } from '@ringside/view-store';
import { EVENT_LOG, VIEW_STORE } from './tokens.js';

/** How one part of the service is. Whatever else it has to tell is shown beside. */
export type PartHealth = { readonly status: 'up' | 'down' } & Readonly<Record<string, Json>>;

export interface ReadinessReport {
  readonly status: 'ok' | 'error' | 'shutting_down';
  readonly parts: Readonly<Record<string, PartHealth>>;
}

const answerMsMax = 2_500;

/** Whether the service can do its work: the log, the store, and what else its modules contribute. */
@Injectable()
export class Readiness {
  readonly #checks = new Map<string, () => PartHealth | Promise<PartHealth>>();
  #shuttingDown = false;

  constructor(@Inject(EVENT_LOG) eventLog: EventLog, @Inject(VIEW_STORE) viewStore: ViewStore) {
    this.contribute('eventLog', async () => ({ driver: eventLog.driver, ...(await eventLog.health()) }));
    this.contribute('viewStore', async () => ({ driver: viewStore.driver, ...(await viewStore.health()) }));
  }

  /** Adds a part under a name of its own, such as `subscriptions`. A check that throws or takes too long counts as down. */
  contribute(part: string, check: () => PartHealth | Promise<PartHealth>): void {
    this.#checks.set(part, check);
  }

  beginShutdown(): void {
    this.#shuttingDown = true;
  }

  async report(): Promise<ReadinessReport> {
    const parts = Object.fromEntries(
      await Promise.all([...this.#checks].map(async ([part, check]) => [part, await healthOf(check)] as const)),
    );
    const allUp = Object.values(parts).every(({ status }) => status === 'up');
    return { status: this.#shuttingDown ? 'shutting_down' : allUp ? 'ok' : 'error', parts };
  }
}

async function healthOf(check: () => PartHealth | Promise<PartHealth>): Promise<PartHealth> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<PartHealth>((resolve) => {
    timer = setTimeout(resolve, answerMsMax, { status: 'down', reason: `no answer within ${answerMsMax} ms` });
  });
  try {
    return await Promise.race([check(), late]);
  } catch (error) {
    return { status: 'down', reason: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
