import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

import { openGroupCommitFile } from './group-commit-file.js';

describe('the group-commit file', () => {
  it('has every line in its order, once its append has answered', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'group-commit-'));
    try {
      const path = join(directory, 'lines');
      const file = await openGroupCommitFile(path);
      const lines = Array.from({ length: 200 }, (_, i) => `line ${i}`);
      for (let i = 0; i < lines.length; i += 20) {
        const group = lines.slice(i, i + 20);
        await Promise.all(group.map((line) => file.append(Buffer.from(line))));
        expect(readFileSync(path, 'utf8').split('\n').slice(0, -1)).toEqual(lines.slice(0, i + 20));
      }
      await file.close();
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('closes after what is under way, and takes nothing then', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'group-commit-'));
    try {
      const file = await openGroupCommitFile(join(directory, 'lines'));
      const appended = file.append(Buffer.from('last'));
      await file.close();
      await expect(appended).resolves.toBeUndefined();
      await expect(file.append(Buffer.from('too late'))).rejects.toThrow();
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
