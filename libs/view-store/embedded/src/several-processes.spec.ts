import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Row, UnknownTableError, type ViewStore } from '@ringside/view-store';

import { openEmbeddedViewStore } from './embedded-view-store.js';

const fileBeside = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const loader = new URL('../../../../tools/typescript-sources.mjs', import.meta.url).href;

describe('several processes on one directory', () => {
  let directory: string;
  let store: ViewStore;
  let children: ChildProcess[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'view-store-'));
    store = await openEmbeddedViewStore({ directory });
    await store.createTables(['cases', 'reports', 'keys']);
    children = [];
  });

  afterEach(async () => {
    for (const child of children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await store.close();
    await rm(directory, { recursive: true });
  });

  async function start(role: string): Promise<ChildProcess> {
    const child = fork(fileBeside('./several-processes.child.ts'), [role, directory], {
      execArgv: ['--import', loader, '--conditions=@ringside/source'],
    });
    children.push(child);
    expect(await messageOf(child)).toBe('ready');
    return child;
  }

  it('a killed writer leaves every acknowledged write, and no row without its checkpoint or the other way round', async () => {
    let written = 0;
    for (const acknowledgedMin of [3, 40, 120]) {
      const child = await start('write');
      let acknowledged = 0;
      child.on('message', (ordinal: number) => {
        acknowledged = ordinal;
        if (ordinal >= written + acknowledgedMin) child.kill('SIGKILL');
      });
      child.send('go');
      await once(child, 'exit');
      const [checkpoint] = await store.checkpoints('views');
      written = checkpoint!.ordinal;
      expect(written).toBeGreaterThanOrEqual(acknowledged);
      expect(checkpoint!.position).toBe(String(written));
      for (const table of ['cases', 'reports']) {
        const ordinals = (await collect(store.scan(table))).map(({ timestamp }) => timestamp).sort((a, b) => a - b);
        expect(ordinals).toEqual(Array.from({ length: 10 * written }, (_, i) => 1 + Math.floor(i / 10)));
      }
    }
  });

  it('a writer is fenced by a taker in another process', async () => {
    const child = await start('write');
    const said: unknown[] = [];
    child.on('message', (message) => said.push(message));
    child.send('go');
    await once(child, 'message');
    const taken = await store.takeOver('views', 0);
    await once(child, 'exit');
    expect(said.at(-1)).toBe('fenced');
    expect(await store.checkpoints('views')).toEqual([taken]);
    expect(said.at(-2)).toBe(taken.ordinal);
    const newest = await store.page('cases', 'p0', { limit: 1, descending: true });
    expect(newest[0]?.timestamp).toBe(taken.ordinal);
  });

  it('each row is inserted once, whoever races for it', async () => {
    const racing = await Promise.all([start('insert'), start('insert'), start('insert')]);
    const inserted = racing.map((child) => messageOf(child) as Promise<string[]>);
    for (const child of racing) child.send('go');
    const keysByChild = await Promise.all(inserted);
    const rows = await store.page('keys', 'p', { limit: 1000 });
    expect(keysByChild.flat().sort()).toEqual(rows.map(({ key }) => key));
    expect(rows).toHaveLength(200);
    racing.forEach((child, i) => {
      const own = rows.filter(({ value }) => value['by'] === child.pid).map(({ key }) => key);
      expect(own).toEqual(keysByChild[i]!.sort());
    });
  });

  it('appends to one stream take turns, without a gap and each once', async () => {
    const racing = await Promise.all([start('append'), start('append'), start('append')]);
    const done = racing.map(messageOf);
    for (const child of racing) child.send('go');
    await Promise.all(done);
    const events = await store.readStream('stream');
    expect(events.map(({ version }) => version)).toEqual(Array.from({ length: 180 }, (_, i) => i + 1));
    for (const child of racing) {
      const own = events.filter(({ id }) => id.startsWith(`${child.pid}-`));
      expect(own.map(({ data }) => data['i'])).toEqual(Array.from({ length: 60 }, (_, i) => i));
    }
  });

  it('tables that another process drops and creates are dropped and created here', async () => {
    const at = { table: 'reports', partition: 'p', key: 'k' };
    const keys = Array.from({ length: 600 }, (_, i) => `k${i}`);
    await store.write(keys.map((key) => ({ kind: 'put', table: 'cases', partition: 'p', key, timestamp: 1, value: {} })));
    await store.write([{ kind: 'put', ...at, timestamp: 1, value: {} }]);
    const scan = store.scan('cases')[Symbol.asyncIterator]();
    await scan.next();
    const child = await start('tables');
    const done = messageOf(child);
    child.send('go');
    await done;
    expect(await store.page('cases', 'p', { limit: 10 })).toEqual([]);
    await expect(store.get(at)).rejects.toThrow(UnknownTableError);
    expect((await collect(store.scan('notes'))).map(({ value }) => value)).toEqual([{ is: 'a note' }]);
    // The scan goes on with what it has read already, and does not take the new table for the old one.
    await expect(collect({ [Symbol.asyncIterator]: () => scan })).rejects.toThrow(UnknownTableError);
  });
});

async function messageOf(child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the other process ended with ${child.exitCode ?? child.signalCode}`);
  });
  const [message] = await Promise.race([once(child, 'message') as Promise<unknown[]>, ended]);
  return message;
}

async function collect(rows: AsyncIterable<Row>): Promise<Row[]> {
  const collected: Row[] = [];
  for await (const row of rows) collected.push(row);
  return collected;
}
