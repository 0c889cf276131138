import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { complete, isComplete, mavenProgress } from './fetch-servers.js';

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'ringside-cache-'));
});
afterEach(() => rmSync(cache, { recursive: true }));

function fetched(name: string): string {
  const folder = join(cache, name);
  mkdirSync(join(folder, 'lib'), { recursive: true });
  writeFileSync(join(folder, 'lib', 'a.jar'), 'a');
  writeFileSync(join(folder, 'lib', 'b.jar'), 'b');
  return folder;
}

describe('a fetched product', () => {
  it('is complete under its name once all of it is there, and not before', () => {
    const partial = fetched('pulsar.partial-1');
    expect(isComplete(partial)).toBe(false);
    complete(partial, join(cache, 'pulsar'));
    expect(isComplete(join(cache, 'pulsar'))).toBe(true);
    expect(existsSync(partial)).toBe(false);
  });

  it('is fetched anew where a file is missing, or where there was no mark', () => {
    const folder = join(cache, 'pulsar');
    fetched('pulsar');
    complete(fetched('pulsar.partial-1'), folder);
    expect(isComplete(folder)).toBe(true);
    rmSync(join(folder, 'lib', 'b.jar'));
    expect(isComplete(folder)).toBe(false);
  });

  it('stays where another process has completed it first', () => {
    const folder = join(cache, 'pulsar');
    complete(fetched('pulsar.partial-1'), folder);
    writeFileSync(join(folder, 'lib', 'a.jar'), 'first');
    const second = fetched('pulsar.partial-2');
    complete(second, folder);
    expect(isComplete(folder)).toBe(true);
    expect(existsSync(second)).toBe(true);
  });
});

describe("Maven's progress", () => {
  it('is how much of a large file came, or how many files, however the output is cut', () => {
    const progress = mavenProgress();
    expect(progress.describe()).toBeNull();
    progress.take('Downloaded from central: https://host/a.pom (2 kB at 3 kB/s)\nDownloading from central: https://host/b');
    expect(progress.describe()).toBe('1 files');
    progress.take('.tar.gz\nProgress (1): 4.1/12 kB\rProgress (1): 120');
    expect(progress.describe()).toBe('1 files');
    progress.take('/245 MB\rProgress');
    expect(progress.describe()).toBe('120 of 245 MB');
    progress.take(
      ' (1): 245 MB    \r                    \rDownloaded from central: https://host/b.tar.gz (245 MB at 67 MB/s)\n',
    );
    expect(progress.describe()).toBe('2 files');
  });

  it('keeps the first errors', () => {
    const progress = mavenProgress();
    progress.take('[ERROR] Failed: no such artifact\n[ERROR] \n[ERROR] To see more, use -e\n');
    expect(progress.errors()).toBe('Failed: no such artifact To see more, use -e');
  });
});
