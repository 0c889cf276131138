import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Module, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, Payload, RpcException } from '@nestjs/microservices';
import { UnavailableError } from '@ringside/core';
import type { Delivery, EventLog } from '@ringside/event-log';
import { openTestDrivers, until, type TestDrivers } from '@ringside/testing';
import { firstValueFrom } from 'rxjs';

import { EventLogContext, EventLogServer, type EventLogServerOptions } from './event-log-server.js';

let drivers: TestDrivers;
let app: INestMicroservice;
let server: EventLogServer;
let handled: string[][];
let handle: (deliveries: readonly Delivery[], context: EventLogContext) => void | Promise<void>;

@Controller()
class Events {
  @EventPattern(['numbers'])
  async numbers(@Payload() deliveries: readonly Delivery[], @Ctx() context: EventLogContext): Promise<void> {
    handled.push(deliveries.map(({ id }) => id));
    await handle(deliveries, context);
  }
}

@Module({ controllers: [Events] })
class EventsModule {}

beforeEach(async () => {
  [handled, handle] = [[], () => undefined];
  drivers = await openTestDrivers();
  await drivers.log.createTopic('numbers', { partitions: 1 });
  await start();
});
afterEach(async () => {
  await app.close();
  await drivers.close();
});

async function start(log: EventLog = drivers.log, onRest?: EventLogServerOptions['onRest']): Promise<void> {
  server = new EventLogServer({ log, subscription: 'test', consumer: 'test', recordsMax: 2, ...(onRest && { onRest }) });
  app = await NestFactory.createMicroservice(EventsModule, { strategy: server, logger: false });
  await app.listen();
}

/** The same log, whose subscriptions are closed but say that they could not be. */
const neverClosed = (log: EventLog): EventLog => ({
  ...log,
  subscribe: async (options) => {
    const subscription = await log.subscribe(options);
    return { ...subscription, close: () => subscription.close().then(() => Promise.reject(new Error('disk full'))) };
  },
});

/** The same log, which tells when a subscription waits for records, and when it is closed. */
const telling = (log: EventLog, tell: (what: 'waits' | 'closes') => void): EventLog => ({
  ...log,
  subscribe: async (options) => {
    const subscription = await log.subscribe(options);
    return {
      ...subscription,
      receive: (wanted) => {
        tell('waits');
        return subscription.receive(wanted);
      },
      close: () => {
        tell('closes');
        return subscription.close();
      },
    };
  },
});

/** The same log, which fails to do this when it is asked for the first time. */
function failingOnce(log: EventLog, call: 'acknowledge' | 'redeliver'): EventLog {
  let isToFail = true;
  return {
    ...log,
    subscribe: async (options) => {
      const subscription = await log.subscribe(options);
      const failing = (...args: never[]): Promise<void> => {
        if (!isToFail) return (subscription[call] as (...args: never[]) => Promise<void>)(...args);
        isToFail = false;
        return Promise.reject(new UnavailableError('event-log', 'not now'));
      };
      return { ...subscription, [call]: failing };
    },
  };
}

const append = (...ids: readonly string[]) =>
  drivers.log.append(ids.map((id) => ({ topic: 'numbers', key: 'k', id, bytes: Buffer.from(id) })));
const backlog = async () => (await drivers.log.backlog('numbers', 'test'))[0]!.backlog;

describe('EventLogServer', () => {
  it('hands batches to an event handler and acknowledges them', async () => {
    await append('1', '2', '3');
    await until('all are handled', () => handled.flat().length === 3);
    expect(handled).toEqual([['1', '2'], ['3']]);
    await until('all are acknowledged', async () => (await backlog()) === 0);
  });

  it('waits for the handler before it takes more', async () => {
    let release!: () => void;
    handle = () => new Promise((resolve) => (release = resolve));
    await append('1', '2', '3');
    await until('the first batch is under way', () => handled.length === 1);
    expect(await backlog()).toBe(3);
    handle = () => undefined;
    release();
    await until('the second batch is handled', () => handled.length === 2);
  });

  it('brings a batch again whose handler has thrown, says so, and goes on', async () => {
    const errors: unknown[] = [];
    server.on('error', (error) => errors.push(error));
    let failures = 2;
    handle = () => {
      if (failures-- > 0) throw new Error('not yet');
    };
    await append('1');
    await until('it is handled at last', async () => (await backlog()) === 0);
    expect(handled).toEqual([['1'], ['1'], ['1']]);
    expect(errors).toHaveLength(2);
  });

  it('has a fault while a handler fails time after time, and none when it succeeds again', async () => {
    let isFailing = true;
    handle = () => {
      if (isFailing) throw new RpcException(new Error('out of order'));
    };
    expect(server.fault).toBeUndefined();
    await append('1');
    await until('it is more than a passing failure', () => server.fault !== undefined);
    expect(handled.length).toBeGreaterThan(2);
    expect(server.fault).toMatch(/^Records of "numbers" could not be processed 3 times in a row: out of order$/);
    isFailing = false;
    await until('it has recovered', () => server.fault === undefined);
  });

  it('consumes again after a pause, and stops, though a subscription cannot be closed', async () => {
    await app.close();
    await start(neverClosed(drivers.log));
    await append('1');
    await until('the first is handled', () => handled.length === 1);
    let worked = 0;
    for (let i = 0; i < 2; i++) await server.paused(async () => void worked++);
    await append('2');
    await until('the second is handled', () => handled.flat().includes('2'));
    expect(worked).toBe(2);
    await expect(app.close()).resolves.toBeUndefined();
    await start();
  });

  it('brings again what the handler has given back', async () => {
    let given = 0;
    handle = ([delivery], context) => {
      if (given++ === 0) context.giveBack(delivery!.partition);
    };
    await append('1');
    await until('it is acknowledged', async () => (await backlog()) === 0);
    expect(handled).toEqual([['1'], ['1']]);
  });

  it('brings a batch again that could not be acknowledged: nothing else would move the cursor', async () => {
    await app.close();
    await start(failingOnce(drivers.log, 'acknowledge'));
    await append('1', '2');
    await until('all are acknowledged', async () => (await backlog()) === 0);
    expect(handled).toEqual([
      ['1', '2'],
      ['1', '2'],
    ]);
  });

  it('takes nothing from behind a batch whose handler has thrown before the log gives that again', async () => {
    await app.close();
    await start(failingOnce(drivers.log, 'redeliver'));
    handle = () => {
      handle = () => undefined;
      throw new RpcException('not this time');
    };
    await append('1', '2', '3');
    await until('all are acknowledged', async () => (await backlog()) === 0);
    expect(handled).toEqual([['1', '2'], ['1', '2'], ['3']]);
  });

  it('drains on close: the batch under way is finished and acknowledged, and nothing is taken after it', async () => {
    let release!: () => void;
    handle = () => new Promise((resolve) => (release = resolve));
    await append('1', '2', '3');
    await until('the first batch is under way', () => handled.length === 1);
    const closed = app.close();
    release();
    await closed;
    expect(handled).toEqual([['1', '2']]);
    expect(await backlog()).toBe(1);
    await start();
    await until('the rest comes after the restart', () => handled.flat().length === 3);
    release();
  });

  it('is at rest before it gives its partitions back, where it waits for records', async () => {
    await app.close();
    const steps: string[] = [];
    await start(
      telling(drivers.log, (what) => steps.push(what)),
      async () => void steps.push(`rests with ${server.assigned('numbers').length}`),
    );
    await append('1');
    await until('it waits again', async () => handled.length === 1 && steps.at(-1) === 'waits');
    await until('it is acknowledged', async () => (await backlog()) === 0);
    steps.length = 0;
    await app.close();
    expect(steps.slice(0, 2)).toEqual(['rests with 1', 'closes']);
    await start();
  });

  it('gives its partitions back though it does not come to rest', async () => {
    await app.close();
    let closes = 0;
    const log = telling(drivers.log, (what) => (closes += what === 'closes' ? 1 : 0));
    await start(log, () => Promise.reject(new Error('the store is away')));
    let release!: () => void;
    handle = () => new Promise((resolve) => (release = resolve));
    await append('1');
    await until('the batch is under way', () => handled.length === 1);
    const closing = app.close();
    release();
    await closing;
    expect(closes).toBe(1);
    handle = () => undefined;
    await start();
  });

  it('tells its status, and what it is made of', async () => {
    expect(await firstValueFrom(server.status)).toBe('connected');
    expect(server.unwrap()).toBe(drivers.log);
    await app.close();
    expect(await firstValueFrom(server.status)).toBe('disconnected');
    await start();
  });
});
