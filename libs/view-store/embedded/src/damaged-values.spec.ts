import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { StreamAppend, ViewStore } from '@ringside/view-store';

import { openEmbeddedViewStore } from './embedded-view-store.js';

let directory: string;
let store: ViewStore;

const row = { table: 'cases', partition: 'p', key: 'k' };
const stream = 'case-1';
const moved = { subscription: 'views', partition: 0, epoch: 1, position: 'NEXT', ordinal: 2 };
const again: StreamAppend = {
  ...{ stream, expectedVersion: 0, fence: 0, commandId: 'c', result: { text: 'OTHER' } },
  events: [{ id: 'e2', type: 'CaseNoted', data: { text: 'OTHER' } }],
};

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ringside-damaged-'));
  store = await openEmbeddedViewStore({ directory });
  await store.createTables(['cases']);
  const checkpoint = await store.takeOver('views', 0);
  await store.write([{ kind: 'put', ...row, timestamp: 7, value: { text: 'ROW-VALUE' } }], {
    newest: [{ kind: 'put', ...row, key: 'newest', timestamp: 7, value: { text: 'NEW-VALUE' } }],
    checkpoints: [{ ...checkpoint, position: 'POSITION', ordinal: 1 }],
  });
  await store.appendToStream({
    ...{ stream, expectedVersion: 0, fence: 0, commandId: 'c', result: { text: 'RESULT' } },
    events: [{ id: 'e', type: 'CaseNoted', data: { text: 'EVENT' } }],
  });
  await store.close();
});

afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

/** Changes one letter on the disk, wherever the text stands; opens the store again. */
async function damage(text: string): Promise<void> {
  const file = join(directory, 'data.mdb');
  const bytes = readFileSync(file);
  let found = 0;
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1), found++) bytes[at]! ^= 1;
  expect(found).toBeGreaterThan(0);
  writeFileSync(file, bytes);
  store = await openEmbeddedViewStore({ directory });
}

describe('a value that the disk has changed', () => {
  it.each<[string, string, () => Promise<unknown>]>([
    ['a row', 'ROW-VALUE', () => store.get(row)],
    ['a row of a page', 'NEW-VALUE', () => store.page('cases', 'p', { limit: 10 })],
    ['a checkpoint', 'POSITION', () => store.checkpoints('views')],
    ["a command's result", 'RESULT', () => store.streamCommand(stream, 'c')],
    ['an event of a stream', 'EVENT', () => store.readStream(stream)],
    ['the list of tables', '"cases"', () => store.tables()],
  ])('is not handed out: %s', async (_, text, ask) => {
    await damage(text);
    await expect(ask()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('is damaged on disk') });
    expect(await store.health()).toEqual({ status: 'down', reason: expect.stringContaining('is damaged on disk') });
  });

  it.each<[string, string, () => Promise<unknown>]>([
    ['a checkpoint that is taken over', 'POSITION', () => store.takeOver('views', 0)],
    ['a checkpoint that moves', 'POSITION', () => store.write([], { checkpoints: [moved] })],
    ['checkpoints that begin anew', 'POSITION', () => store.resetCheckpoints('views')],
    ["a command's result", 'RESULT', () => store.appendToStream(again)],
  ])('is said by readiness where a write finds it: %s', async (_, text, write) => {
    await damage(text);
    expect(await store.health()).toEqual({ status: 'up' });
    await expect(write()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('is damaged on disk'),
    });
    expect(await store.health()).toEqual({ status: 'down', reason: expect.stringContaining('is damaged on disk') });
  });

  it('does not keep the others from being read', async () => {
    await damage('ROW-VALUE');
    expect((await store.get({ ...row, key: 'newest' }))?.value).toEqual({ text: 'NEW-VALUE' });
  });
});
