import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Environment, openEnvironment } from '@ringside/lmdb-environment';

import { openDeletions } from './deletions.js';
import { encodeKey } from './row-key.js';
import type { Table } from './tables.js';

describe('deletions', () => {
  let environment: Environment;
  let tables: readonly Table[];

  beforeEach(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'deletions-'));
    environment = await openEnvironment({ directory, kind: 'view-store', maxTables: 16 });
    tables = [1, 2].map((id) => ({ id, rows: environment.table(`rows.${id}`) }));
  });

  afterEach(async () => {
    await environment.close();
    await rm(environment.directory, { recursive: true });
  });

  const key = (n: number): Buffer => encodeKey('p', `k${n}`);

  it('remembers at least as many as it has to, the newest ones, and at most twice as many', async () => {
    const begin = openDeletions(environment, 10);
    for (let n = 1; n <= 95; n++) {
      const remembered = await environment.write(() => {
        const deletions = begin();
        deletions.remember(tables[0]!, key(n), n);
        deletions.save();
        const found = Array.from({ length: n }, (_, i) => deletions.timestamp(tables[0]!, key(i + 1)));
        return found.filter((timestamp, i) => timestamp === i + 1).length;
      });
      expect(remembered).toBeGreaterThanOrEqual(Math.min(n, 10));
      expect(remembered).toBeLessThanOrEqual(20);
      const newest = await environment.write(() => begin().timestamp(tables[0]!, key(Math.max(1, n - 9))));
      expect(newest).toBe(Math.max(1, n - 9));
    }
  });

  it('many in one transaction are bounded as well', async () => {
    const begin = openDeletions(environment, 10);
    const remembered = await environment.write(() => {
      const deletions = begin();
      for (let n = 1; n <= 95; n++) deletions.remember(tables[0]!, key(n), n);
      deletions.save();
      return Array.from({ length: 95 }, (_, i) => deletions.timestamp(tables[0]!, key(i + 1))).filter((found) => found > 0);
    });
    expect(remembered.length).toBeGreaterThanOrEqual(10);
    expect(remembered.length).toBeLessThanOrEqual(20);
    expect(remembered.at(-1)).toBe(95);
  });

  it('the newest deletion of a row counts, and those of another table do not', async () => {
    const begin = openDeletions(environment, 3);
    const found = await environment.write(() => {
      const deletions = begin();
      deletions.remember(tables[0]!, key(1), 1);
      for (const n of [2, 3]) deletions.remember(tables[0]!, key(n), n);
      deletions.remember(tables[0]!, key(1), 9); // the first one lies in the older generation by now
      deletions.save();
      return tables.map((table) => deletions.timestamp(table, key(1)));
    });
    expect(found).toEqual([9, 0]);
  });
});
