import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UnavailableError } from '@ringside/core';
import { openTestDrivers, type TestDrivers } from '@ringside/testing';
import type { ViewStore } from '@ringside/view-store';

import { dropWrite, Intents, intentsTable, PendingIntents, type Intent } from './intents.js';

let drivers: TestDrivers;
let store: ViewStore;
let intents: Intents;

beforeEach(async () => {
  drivers = await openTestDrivers();
  store = await drivers.store('test-team');
  await store.createTables([intentsTable]);
  intents = new Intents(store);
});
afterEach(() => drivers.close());

const pending = async (): Promise<readonly string[]> =>
  (await new PendingIntents(store).next()).map(({ stream }) => stream).sort();
const placeOf = ({ partition, key }: Intent): string => `${partition}/${key}`;

describe('intents', () => {
  it('are found by whoever looks, until they are dropped', async () => {
    const declared = await Promise.all(['a', 'b', 'c'].map((stream) => intents.declare(stream)));
    expect(await pending()).toEqual(['a', 'b', 'c']);
    await intents.drop(declared[1]!, []);
    expect(await pending()).toEqual(['a', 'c']);
  });

  it('of one process use as many rows as there were at one time, those of two processes never the same', async () => {
    const places = new Set<string>();
    for (let i = 0; i < 20; i++) {
      const both = await Promise.all([intents.declare(`a${i}`), intents.declare(`b${i}`)]);
      for (const intent of both) places.add(placeOf(intent));
      for (const intent of both) await intents.drop(intent, []);
    }
    expect(places.size).toBe(2);
    expect(places).not.toContain(placeOf(await new Intents(store).declare('c')));
    expect(await pending()).toEqual(['c']);
  });

  it('are not touched by a deletion of the one that had their row before, however late', async () => {
    const first = await intents.declare('first');
    await intents.drop(first, []);
    const second = await intents.declare('second');
    expect(placeOf(second)).toBe(placeOf(first));
    await store.write([dropWrite(first)]);
    expect(await pending()).toEqual(['second']);
  });

  it('that are handed a row on which another was dropped in the same turn are there, and the other is not', async () => {
    const first = await intents.declare('first');
    const [second] = await Promise.all([intents.declare('second'), intents.drop(first, [])]);
    expect(await pending()).toEqual(['second']);
    await store.write([dropWrite(first)]);
    expect(await pending()).toEqual(['second']);
    await intents.drop(second, []);
    expect(await pending()).toEqual([]);
  });

  it('keep their row where nobody knows whether they were dropped', async () => {
    const first = await intents.declare('first');
    const write = store.write.bind(store);
    store.write = () => Promise.reject(new UnavailableError('view-store', 'away'));
    await expect(intents.drop(first, [])).rejects.toThrow(UnavailableError);
    store.write = write;
    expect(placeOf(await intents.declare('second'))).not.toBe(placeOf(first));
    expect(await pending()).toEqual(['first', 'second']);
  });

  it('are read page by page where there are many', async () => {
    const streams = Array.from({ length: 4_100 }, (_, i) => `s${i}`);
    await Promise.all(streams.map((stream) => intents.declare(stream)));
    const looking = new PendingIntents(store);
    const seen = [...(await looking.next()), ...(await looking.next())].map(({ stream }) => stream);
    expect(new Set(seen)).toEqual(new Set(streams));
    expect(seen).toHaveLength(streams.length);
  });
});
