import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Logger } from '@ringside/platform';

import { PolicyFile } from './policy-file.js';

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'policy-file-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('The file of the policy', () => {
  it('is warned of once for each change, and not while it is as it was read or away', async () => {
    const warned: unknown[] = [];
    const logger = { warn: (fields: object) => void warned.push(fields) } as unknown as Logger;
    const path = join(directory, 'ring.yaml');
    const file = new PolicyFile({ path, digest: digestOf('one'), logger });
    const written = async (text: string): Promise<number> => {
      await writeFile(path, text);
      await file.check();
      await file.check();
      return warned.length;
    };
    await file.check();
    expect(await written('one')).toBe(0);
    expect(await written('two')).toBe(1);
    expect(warned[0]).toMatchObject({ policy: digestOf('one'), changedTo: digestOf('two') });
    expect(await written('three')).toBe(2);
    expect(await written('one')).toBe(2);
    expect(await written('three')).toBe(3);
  });
});
