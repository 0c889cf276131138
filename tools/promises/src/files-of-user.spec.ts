import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { fileToWrite, pathOfUser, readEarlierRun } from './files-of-user.js';

let place: string;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'ringside-files-'));
});
afterEach(() => rmSync(place, { recursive: true }));

describe('a path of the user', () => {
  it('is where the user is, not where npm has gone', () => {
    expect(pathOfUser({ INIT_CWD: place }, 'a.json')).toBe(join(place, 'a.json'));
    expect(pathOfUser({}, 'a.json')).toBe(join(process.cwd(), 'a.json'));
    expect(pathOfUser({ INIT_CWD: place }, '/a.json')).toBe('/a.json');
  });
});

describe('a file to write', () => {
  const read = (path: string): string => fileToWrite({ INIT_CWD: place })(path);

  it('may be new, and what is there stays as it is', () => {
    expect(read('new.json')).toBe(join(place, 'new.json'));
    expect(() => readFileSync(join(place, 'new.json'))).toThrow('ENOENT');
    writeFileSync(join(place, 'old.json'), '{}');
    expect(read('old.json')).toBe(join(place, 'old.json'));
    expect(readFileSync(join(place, 'old.json'), 'utf8')).toBe('{}');
    expect(read('/dev/null')).toBe('/dev/null');
  });

  it('is refused where its directory is not there or is a file, and where it is a directory itself', () => {
    expect(() => read('nosuch/a.json')).toThrow(`There is no directory ${join(place, 'nosuch')}.`);
    writeFileSync(join(place, 'file'), '');
    expect(() => read('file/a.json')).toThrow(`There is no directory ${join(place, 'file')}.`);
    mkdirSync(join(place, 'directory'));
    expect(() => read('directory')).toThrow('It is a directory.');
  });

  // Nothing is forbidden to root.
  (process.getuid?.() === 0 ? it.skip : it)('is refused where it or its directory is not to be written', () => {
    writeFileSync(join(place, 'kept.json'), '{}', { mode: 0o400 });
    expect(() => read('kept.json')).toThrow('It cannot be written: EACCES.');
    mkdirSync(join(place, 'kept'), { mode: 0o500 });
    expect(() => read('kept/a.json')).toThrow('It cannot be written: EACCES.');
    chmodSync(join(place, 'kept'), 0o700);
  });
});

describe('an earlier run', () => {
  const isRun = (value: unknown): value is { runs: number } => (value as { runs?: number } | null)?.runs !== undefined;
  const read = (text: string) => {
    writeFileSync(join(place, 'a.json'), text);
    return readEarlierRun(join(place, 'a.json'), isRun);
  };

  it('is read as it was written', () => {
    expect(read('{"runs":3}')).toEqual({ runs: 3 });
  });

  it('is refused with the name of its file where it is none', () => {
    const file = join(place, 'a.json');
    expect(() => readEarlierRun(file, isRun)).toThrow(`There is no file ${file}.`);
    expect(() => readEarlierRun(place, isRun)).toThrow(`${place} cannot be read: EISDIR.`);
    expect(() => read('{')).toThrow(`${file} is no JSON.`);
    expect(() => read('null')).toThrow(`${file} is not what --json of this version writes`);
    expect(() => read('{"name":"ringside"}')).toThrow(`${file} is not what --json of this version writes`);
  });
});
