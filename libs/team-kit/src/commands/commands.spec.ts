import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UnavailableError } from '@ringside/core';
import { standalone } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';
import { casesTopic, decodeEvent, reportsTopic, topics, type RingsideEvent } from '@ringside/events';
import { openTestDrivers, type TestDrivers } from '@ringside/testing';
import type { ViewStore } from '@ringside/view-store';

import type { CommandObserver } from './command-observer.js';
import { Commands } from './commands.js';
import { streamOf } from './case-stream.js';
import { IncompleteHistoryError } from './earlier-steps.js';
import { Intents, intentsTable } from './intents.js';
import { publicationsTable } from './publications.js';
import { Relay } from './relay.js';
import { aRequest, notebooks, notes } from './simulation/notebook.fixture.js';

let drivers: TestDrivers;
let store: ViewStore;
let told: string[];

const observer: CommandObserver = {
  executed: (outcome) => told.push(outcome),
  published: () => undefined,
  unpublished: () => told.push('left to the relay'),
  pending: (count) => told.push(`${count} pending`),
  recovered: (_, events) => told.push(`recovered ${events}`),
  unsettled: () => told.push('unsettled'),
};

beforeEach(async () => {
  told = [];
  drivers = await openTestDrivers();
  store = await drivers.store('test-team');
  await store.createTables([intentsTable, publicationsTable]);
  for (const { topic, partitions } of topics) await drivers.log.createTopic(topic, { partitions });
});
afterEach(() => drivers.close());

interface Different {
  readonly log?: Partial<EventLog>;
  readonly store?: Partial<ViewStore>;
}

const withCalls = <Port extends object>(port: Port, calls: Partial<Port> = {}): Port =>
  Object.assign(Object.create(port) as Port, calls);

const optionsOf = (different: Different = {}) => ({
  ...{ store: withCalls(store, different.store), log: withCalls(drivers.log, different.log) },
  ...{ aggregate: notebooks as never, observer, placement: standalone('local'), region: 'local', source: 'cheating-team' },
});
const theCommands = (different?: Different): Commands => new Commands(optionsOf(different));
const theRelay = (different?: Different): Relay => new Relay({ ...optionsOf(different), graceMs: 0 });

/** What the log has of a topic, in its order. */
async function published(topic: string = casesTopic.topic): Promise<readonly RingsideEvent[]> {
  const events: RingsideEvent[] = [];
  for (const { partition } of await drivers.log.heads(topic)) {
    for await (const { bytes } of drivers.log.read({ topic, partition })) {
      const decoded = decodeEvent(bytes);
      if (decoded.ok) events.push(decoded.value);
    }
  }
  return events;
}

async function intents(): Promise<number> {
  let count = 0;
  for await (const _ of store.scan(intentsTable)) count++;
  return count;
}

const away = () => Promise.reject(new UnavailableError('event-log', 'away'));
const sequences = (events: readonly RingsideEvent[]): readonly number[] => events.map(({ sequence }) => sequence);

describe('a command', () => {
  it('is stored, published with what follows from it, and leaves no intent', async () => {
    const commands = theCommands();
    const outcome = await commands.execute(aRequest('c1', notes('c1', 2)));
    expect(outcome).toEqual({ outcome: 'done', version: 2, answer: { texts: 2, steps: 2 }, repeated: false });
    const [first, second] = await published();
    expect(first).toMatchObject({
      ...{ type: 'CaseNoted', stream: 'case-case-1', sequence: 1, region: 'local', source: 'cheating-team', causationId: 'c1' },
      data: { caseId: 'case-1', team: 'cheating', caseVersion: 1, by: 'worker-1', text: 'c1#0' },
    });
    expect(second).toMatchObject({ sequence: 2, data: { caseVersion: 2, text: 'c1#1' } });
    expect((await published(reportsTopic.topic)).map(({ type, sequence }) => [type, sequence])).toEqual([
      ['CaseProgressed', 1],
      ['CaseProgressed', 2],
    ]);
    await commands.settled();
    expect(await intents()).toBe(0);
    expect((await store.readStream('case-case-1')).map(({ data }) => data)).toEqual([first, second]);
  });

  it('sent again is answered as the first time, by any process, whatever came between, and is not published again', async () => {
    const first = await theCommands().execute(aRequest('c1', { kind: 'escalate' }));
    await theCommands().execute(aRequest('c2', notes('c2')));
    for (const commands of [theCommands(), theCommands()]) {
      const again = await commands.execute(aRequest('c1', { kind: 'escalate' }));
      expect(again).toEqual({ ...first, repeated: true });
      await commands.settled();
    }
    expect(sequences(await published())).toEqual([1, 2]);
    expect(told).toEqual(['done', 'done', 'repeated', 'repeated']);
  });

  it('that comes while the one before it is published reads nothing of the stream again', async () => {
    const read: number[] = [];
    const readStream: ViewStore['readStream'] = (stream, after) => {
      read.push(after ?? 0);
      return store.readStream(stream, after);
    };
    const commands = theCommands({ store: { readStream } });
    const ids = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6'];
    await Promise.all(ids.map((id) => commands.execute(aRequest(id, notes(id)))));
    await commands.settled();
    expect(read).toEqual([0]);
    expect(sequences(await published())).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('with the id of another content is refused', async () => {
    const commands = theCommands();
    await commands.execute(aRequest('c1', notes('c1')));
    expect(await commands.execute(aRequest('c1', notes('other')))).toEqual({ outcome: 'id_reused' });
    expect(await theCommands().execute(aRequest('c1', { kind: 'escalate' }))).toEqual({ outcome: 'id_reused' });
    expect(await store.readStream('case-case-1')).toHaveLength(1);
  });

  it('on another version than its sender saw is stale, and names the one that is', async () => {
    const commands = theCommands();
    await commands.execute(aRequest('c1', notes('c1', 3)));
    for (const expectedVersion of [0, 2, 4]) {
      const request = aRequest(`s${expectedVersion}`, notes('s'), { expectedVersion });
      expect(await commands.execute(request)).toEqual({ outcome: 'stale', version: 3 });
    }
    const timely = await commands.execute(aRequest('c2', notes('c2'), { expectedVersion: 3 }));
    expect(timely).toMatchObject({ outcome: 'done', version: 4 });
  });

  it('is not stale by what was announced since its sender saw the case, whichever process said it', async () => {
    const [one, other] = [theCommands(), theCommands()];
    await one.execute(aRequest('c1', notes('c1', 2)));
    await other.execute(aRequest('a1', { kind: 'announce' }));
    await one.execute(aRequest('a2', { kind: 'announce' }));
    for (const [commandId, commands] of [
      ['c2', theCommands()],
      ['c3', one],
      ['c4', other],
    ] as const) {
      const stale = await commands.execute(aRequest(`${commandId}-early`, notes('x'), { expectedVersion: 1 }));
      expect(stale).toEqual({ outcome: 'stale', version: 4 });
      const madeUp = await commands.execute(aRequest(`${commandId}-late`, notes('x'), { expectedVersion: 5 }));
      expect(madeUp).toEqual({ outcome: 'stale', version: 4 });
    }
    const taken = await other.execute(aRequest('c5', notes('c5'), { expectedVersion: 2 }));
    expect(taken).toEqual({ outcome: 'done', version: 5, answer: { texts: 3, steps: 1 }, repeated: false });
    expect((await store.readStream('case-case-1', 4)).map(({ version }) => version)).toEqual([5]);
    // What it led to is no announcement: on the version before it nobody decides, not even where this one is remembered.
    for (const commands of [one, other, theCommands()]) {
      const late = await commands.execute(aRequest('c6', notes('c6'), { expectedVersion: 4 }));
      expect(late).toEqual({ outcome: 'stale', version: 5 });
    }
  });

  it('sent again with the version that it was taken at is no stale one', async () => {
    const request = aRequest('c1', notes('c1'), { expectedVersion: 0 });
    await theCommands().execute(request);
    expect(await theCommands().execute(request)).toMatchObject({ outcome: 'done', version: 1, repeated: true });
  });

  it('refused stores nothing, and says at which version', async () => {
    const commands = theCommands();
    await commands.execute(aRequest('c1', { kind: 'escalate' }));
    const refused = await commands.execute(aRequest('c2', { kind: 'escalate' }));
    expect(refused).toMatchObject({ outcome: 'refused', version: 1, refusal: { code: 'wrong_state' } });
    expect(await store.streamCommand('case-case-1', 'c2')).toBeUndefined();
  });

  it('that leads to nothing is kept and answered the same later', async () => {
    const commands = theCommands();
    const nothing = { outcome: 'done', version: 0, answer: { texts: 0, steps: 0 }, repeated: false };
    expect(await commands.execute(aRequest('c1', notes('c1', 0)))).toEqual(nothing);
    await commands.execute(aRequest('c2', notes('c2')));
    expect(await commands.execute(aRequest('c1', notes('c1', 0)))).toEqual({ ...nothing, repeated: true });
    expect(await store.readStream('case-case-1')).toHaveLength(1);
  });

  it("of the service's clock that came too early is taken later under the same id", async () => {
    const commands = theCommands();
    const tick = aRequest('tick', { kind: 'tick', from: 1 });
    expect(await commands.execute(tick)).toMatchObject({ outcome: 'done', version: 0, answer: { steps: 0 } });
    await commands.execute(aRequest('c1', notes('c1')));
    expect(await commands.execute(tick)).toMatchObject({ outcome: 'done', version: 2, repeated: false });
    expect(await commands.execute(tick)).toMatchObject({ outcome: 'done', version: 2 });
    expect(await store.readStream('case-case-1')).toHaveLength(2);
  });

  it('does not rest on what another process has overtaken', async () => {
    const [one, other] = [theCommands(), theCommands()];
    await one.execute(aRequest('c1', notes('c1')));
    await other.execute(aRequest('c2', { kind: 'escalate' }));
    // Refused on what is, though this process remembers a case that was not escalated; and accepted on what is.
    expect(await one.execute(aRequest('c3', { kind: 'escalate' }))).toMatchObject({ outcome: 'refused', version: 2 });
    expect(await other.execute(aRequest('c4', notes('c4')))).toMatchObject({ outcome: 'done', version: 3 });
    expect(await one.execute(aRequest('c5', notes('c5')))).toMatchObject({ outcome: 'done', version: 4 });
    expect(await one.execute(aRequest('c6', notes('c6'), { expectedVersion: 4 }))).toMatchObject({ version: 5 });
    expect(sequences(await published())).toEqual([1, 2, 3, 4, 5]);
  });

  it('meets 39 others at once, through two processes, and all are taken in one order', async () => {
    const processes = [theCommands(), theCommands()];
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, i) => processes[i % 2]!.execute(aRequest(`c${i}`, notes(`c${i}`)))),
    );
    const versions = outcomes.map((outcome) => (outcome.outcome === 'done' ? outcome.version : outcome.outcome));
    expect([...versions].sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    for (const commands of processes) await commands.settled();
    const firsts = sequences(await published()).filter((sequence, i, all) => all.indexOf(sequence) === i);
    expect(firsts).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(await intents()).toBe(0);
  });

  it('of 20 that expect one version exactly one is taken', async () => {
    const processes = [theCommands(), theCommands()];
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        processes[i % 2]!.execute(aRequest(`c${i}`, notes(`c${i}`), { expectedVersion: 0 })),
      ),
    );
    expect(outcomes.filter(({ outcome }) => outcome === 'done')).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === 'stale')).toEqual(Array(19).fill({ outcome: 'stale', version: 1 }));
  });
});

describe('while the log is away', () => {
  it('commands are taken, and a relay publishes them in order when it is back, once', async () => {
    const commands = theCommands({ log: { append: away } });
    for (const id of ['c1', 'c2']) {
      expect(await commands.execute(aRequest(id, notes(id)))).toMatchObject({ outcome: 'done' });
    }
    await commands.settled();
    expect(await published()).toEqual([]);
    expect(await intents()).toBe(2);
    await theRelay({ log: { append: away } }).pass();
    await theRelay().pass();
    expect(sequences(await published())).toEqual([1, 2]);
    expect(await intents()).toBe(0);
    await theRelay().pass();
    expect(told.filter((line) => line.startsWith('recovered'))).toEqual(['recovered 2']);
  });

  it('what was left is published by the next command on the case as well', async () => {
    let isAway = true;
    const append: EventLog['append'] = (records) => (isAway ? away() : drivers.log.append(records));
    const commands = theCommands({ log: { append } });
    await commands.execute(aRequest('c1', notes('c1')));
    isAway = false;
    await commands.execute(aRequest('c2', notes('c2')));
    expect(sequences(await published())).toEqual([1, 2]);
    await commands.settled();
    expect(await intents()).toBe(1);
    await theRelay().pass();
    expect(sequences(await published())).toEqual([1, 2]);
  });

  it('a relay raises the fence of a stream once, so that it does not turn commands away again and again', async () => {
    await theCommands({ log: { append: away } }).execute(aRequest('c1', notes('c1')));
    const relay = theRelay({ log: { append: away } });
    for (let i = 0; i < 3; i++) await relay.pass();
    expect(await store.streamHead('case-case-1')).toEqual({ version: 1, fence: 1 });
  });
});

describe('an append of which the store does not tell', () => {
  it('and that it has is answered and published', async () => {
    const appendToStream: ViewStore['appendToStream'] = async (append) => {
      await store.appendToStream(append);
      throw new UnavailableError('view-store', 'timed out');
    };
    const commands = theCommands({ store: { appendToStream } });
    expect(await commands.execute(aRequest('c1', notes('c1')))).toMatchObject({ outcome: 'done', version: 1 });
    await commands.settled();
    expect(sequences(await published())).toEqual([1]);
    expect(await intents()).toBe(0);
  });

  it('and that it does not have is kept from coming later, and made again', async () => {
    const delayed: (() => Promise<unknown>)[] = [];
    const appendToStream: ViewStore['appendToStream'] = async (append) => {
      if (delayed.length > 0) return store.appendToStream(append);
      delayed.push(() => store.appendToStream(append));
      throw new UnavailableError('view-store', 'timed out');
    };
    const commands = theCommands({ store: { appendToStream } });
    expect(await commands.execute(aRequest('c1', notes('c1', 2)))).toMatchObject({ outcome: 'done', version: 2 });
    await delayed[0]!();
    expect((await store.readStream('case-case-1')).map(({ version }) => version)).toEqual([1, 2]);
    await commands.settled();
    expect(await intents()).toBe(0);
  });

  it('while the store is away is said to be unavailable, and its intent stays for the relay', async () => {
    const appendToStream: ViewStore['appendToStream'] = async (append) => {
      await store.appendToStream(append);
      throw new UnavailableError('view-store', 'timed out');
    };
    const commands = theCommands({ store: { appendToStream, raiseFence: away } });
    await expect(commands.execute(aRequest('c1', notes('c1')))).rejects.toThrow(UnavailableError);
    expect(await intents()).toBe(1);
    await theRelay().pass();
    expect(sequences(await published())).toEqual([1]);
    expect(await theCommands().execute(aRequest('c1', notes('c1')))).toMatchObject({ version: 1, repeated: true });
    expect(told).toEqual(['unavailable', '1 pending', 'recovered 1', 'repeated']);
  });
});

describe('a relay', () => {
  it('leaves an intent alone until it has seen it for some time', async () => {
    await theCommands({ log: { append: away } }).execute(aRequest('c1', notes('c1')));
    let now = 0;
    const relay = new Relay({ ...optionsOf(), graceMs: 1_000, now: () => now });
    await relay.pass();
    now = 999;
    await relay.pass();
    expect(await published()).toEqual([]);
    now = 1_000;
    await relay.pass();
    expect(sequences(await published())).toEqual([1]);
  });

  it('settles the other cases where one cannot be read', async () => {
    const commands = theCommands({ log: { append: away } });
    for (const caseId of ['case-1', 'case-2']) await commands.execute(aRequest('c1', notes('c1'), { caseId }));
    await commands.settled();
    const readStream: ViewStore['readStream'] = async (stream, after) => {
      if (stream === 'case-case-1') throw new Error('cannot read what is there');
      return store.readStream(stream, after);
    };
    await theRelay({ store: { readStream } }).pass();
    expect((await published()).map((event) => event.stream)).toEqual(['case-case-2']);
    expect(await intents()).toBe(1);
    expect(told).toContain('unsettled');
  });

  it('drops an intent behind which nothing was stored, and what comes for it late is shut out', async () => {
    let late: () => Promise<unknown> = () => Promise.reject(new Error('nothing was sent'));
    const appendToStream: ViewStore['appendToStream'] = (append) => {
      late = () => store.appendToStream(append);
      return new Promise(() => undefined); // its process is never heard of again
    };
    void theCommands({ store: { appendToStream } }).execute(aRequest('c1', notes('c1')));
    while ((await intents()) === 0) await new Promise(setImmediate);
    await theRelay().pass();
    expect(await intents()).toBe(0);
    expect(await late()).toEqual({ outcome: 'fenced', version: 0, fence: 1 });
  });

  it('drops an intent of a term that was never begun, although what that would go on from is not here', async () => {
    const earlierSteps = (): Promise<never> => Promise.reject(new IncompleteHistoryError('Its step 3 is not here yet.'));
    await new Intents(store).declare(streamOf('case-1', 1));
    await new Relay({ ...optionsOf(), earlierSteps, graceMs: 0 }).pass();
    expect([await intents(), told.at(-1)]).toEqual([0, 'recovered 0']);
  });
});
