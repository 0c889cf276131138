import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StartupError, UnavailableError } from '@ringside/core';
import { openEventLog, openViewStore, prepareDataDirectory } from './index.js';

let dataDirectory: string;
beforeAll(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'ringside-drivers-'));
});
afterAll(() => rmSync(dataDirectory, { recursive: true }));

describe('drivers', () => {
  it('opens the embedded ones under the data directory, each service with views of its own', async () => {
    const log = await openEventLog('embedded:', { dataDirectory });
    const cheating = await openViewStore('embedded:', { dataDirectory, name: 'cheating-team' });
    const abuse = await openViewStore('embedded:', { dataDirectory, name: 'abuse-team' });
    try {
      expect(await log.health()).toEqual({ status: 'up' });
      await cheating.createTables(['open_cases']);
      expect(await cheating.tables()).toContain('open_cases');
      expect(await abuse.tables()).not.toContain('open_cases');
      expect(existsSync(join(dataDirectory, 'event-log'))).toBe(true);
      expect(existsSync(join(dataDirectory, 'views', 'cheating-team'))).toBe(true);
    } finally {
      await Promise.all([log.close(), cheating.close(), abuse.close()]);
    }
  });

  it.each(['kafka://broker', 'constructor:x', 'Embedded:'])('names what there is instead of %s', async (url) => {
    const opening = async () => openEventLog(url, { dataDirectory });
    await expect(opening()).rejects.toThrow(StartupError);
    await expect(opening()).rejects.toThrow(/choose one of embedded:/);
    await expect(async () => openViewStore(url, { dataDirectory, name: 'x' })).rejects.toThrow(/choose one of embedded:/);
  });

  it("refuses a directory that holds somebody else's files", async () => {
    const foreign = mkdtempSync(join(tmpdir(), 'ringside-foreign-'));
    writeFileSync(join(foreign, 'thesis.doc'), 'mine');
    try {
      await expect(openEventLog('embedded:', { dataDirectory: foreign })).rejects.toThrow(
        /holds something else \("thesis.doc"\)/,
      );
      await expect(openViewStore('embedded:', { dataDirectory: foreign, name: 'x' })).rejects.toThrow(StartupError);
      expect(readdirSync(foreign)).toEqual(['thesis.doc']);
    } finally {
      rmSync(foreign, { recursive: true });
    }
  });

  it('takes a directory that has those of regions in it', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'ringside-regions-'));
    try {
      await openEventLog('embedded:', { dataDirectory: join(directory, 'eu') }).then((log) => log.close());
      await prepareDataDirectory(directory);
      mkdirSync(join(directory, 'us'));
      await expect(prepareDataDirectory(directory)).rejects.toThrow(/holds something else \("us"\)/);
      await prepareDataDirectory(directory, ['us']);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('opens a view store whose server is away, which says so until it is there', async () => {
    const store = await openViewStore('cql://127.0.0.1:1?dialect=cassandra', { dataDirectory, name: 'x' });
    try {
      expect(await store.health()).toEqual({ status: 'down', reason: expect.stringMatching(/is away/) });
      await expect(store.createTables(['cases'])).rejects.toThrow(UnavailableError);
    } finally {
      await store.close();
    }
    await expect(openViewStore('cql://', { dataDirectory, name: 'x' })).rejects.toThrow(StartupError);
  });

  it.each(['pulsar+ws://127.0.0.1:1', 'pulsar+wss://127.0.0.1:1/ringside/global'])(
    'opens %s, whose broker is away',
    async (url) => {
      const log = await openEventLog(url, { dataDirectory });
      try {
        expect(await log.health()).toMatchObject({ status: 'down' });
        await expect(log.createTopic('reports', { partitions: 8 })).rejects.toThrow(UnavailableError);
      } finally {
        await log.close();
      }
    },
  );

  it("gives Pulsar's registry the schemas of a topic's records", async () => {
    const uploads: string[] = [];
    const pulsar = createServer((request, response) => {
      request.resume().on('end', () => {
        if (request.url!.includes('/schemas/')) uploads.push(`${request.method} ${request.url}`);
        response.end(JSON.stringify({ partitions: 8 }));
      });
    }).listen(0, '127.0.0.1');
    await once(pulsar, 'listening');
    const { port } = pulsar.address() as AddressInfo;
    const schemasOf = () => [{ type: 'object', properties: { id: { type: 'string' } } }];
    const log = await openEventLog(`pulsar+ws://127.0.0.1:${port}/acme/eu`, { dataDirectory, schemasOf });
    try {
      await log.createTopic('reports', { partitions: 8 });
      expect(uploads).toEqual(['POST /admin/v2/schemas/acme/eu/reports/schema']);
    } finally {
      await log.close();
      pulsar.closeAllConnections();
      pulsar.close();
    }
  });

  it('says, where the native client of Pulsar is not installed, how to get it', async () => {
    await expect(openEventLog('pulsar://127.0.0.1:1', { dataDirectory })).rejects.toThrow(/npm install pulsar-client/);
  });

  it('says at once that a directory cannot be made', async () => {
    const file = join(dataDirectory, 'a-file');
    writeFileSync(file, '');
    const below = [join(file, 'data'), ...(existsSync('/proc/self') ? ['/proc/nope/data'] : [])];
    for (const directory of below) {
      await expect(openEventLog('embedded:', { dataDirectory: directory })).rejects.toThrow(
        /cannot be used .* name another one/,
      );
    }
    rmSync(file);
  });

  it('refuses a path that it would not use', async () => {
    const opening = openEventLog('embedded:///elsewhere', { dataDirectory });
    await expect(opening).rejects.toThrow(/RINGSIDE_DATA/);
    await expect(opening).rejects.toThrow(StartupError);
  });
});
