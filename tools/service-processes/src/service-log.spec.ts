import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openServiceLog } from './service-log.js';

let directory: string;
let printed: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ringside-log-'));
  printed = [];
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const open = (verbose: boolean, file = join(directory, 'team.log')) =>
  openServiceLog({ name: 'team', file, verbose, print: (line) => printed.push(stripVTControlCharacters(line)) });

const line = (level: string, msg: string, more: object = {}): string =>
  `${JSON.stringify({ level, time: 'now', service: 'team', region: 'local', ...more, msg })}\n`;

async function write(streams: { stdout: string; stderr?: string }, verbose = false) {
  const log = open(verbose);
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const followed = log.follow({ stdout, stderr });
  const ended = Promise.all([stdout, stderr].map((stream) => new Promise((done) => stream.once('close', done))));
  stdout.end(streams.stdout);
  stderr.end(streams.stderr ?? '');
  await ended;
  await log.close();
  return followed;
}

describe('a service log', () => {
  it('shows warnings and worse, and keeps everything in the file', async () => {
    const text = line('info', 'started') + line('warn', 'event parked', { topic: 'reports', err: { message: 'broken' } });
    await write({ stdout: text });
    expect(printed).toEqual(['team warn event parked topic=reports err=broken']);
    expect(await readFile(join(directory, 'team.log'), 'utf8')).toBe(text);
  });

  it('shows everything when asked to', async () => {
    await write({ stdout: line('info', 'started', { url: 'http://x' }) + 'no JSON\n' }, true);
    expect(printed).toEqual(['team info started url=http://x', 'team no JSON']);
  });

  it('keeps stderr back for whoever asks, until it is to be shown', async () => {
    const followed = await write({ stdout: '', stderr: 'team: no\n' });
    expect(printed).toEqual([]);
    followed.showStderr();
    expect(printed).toEqual(['team team: no']);
    expect(followed.takeStderr()).toEqual([]);
  });

  it('shows a line that stderr repeats once', async () => {
    const log = open(false);
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    log.follow({ stdout, stderr }).showStderr();
    const ended = new Promise((done) => stderr.once('close', done));
    stdout.end();
    stderr.end('disk full\ndisk full\nanother\ndisk full\n');
    await ended;
    await log.close();
    expect(printed).toEqual(['team disk full', 'team another']);
    expect(await readFile(join(directory, 'team.log'), 'utf8')).toBe('disk full\ndisk full\nanother\ndisk full\n');
  });

  it('goes on without a file where there can be none', async () => {
    const log = open(false, join(directory, 'no', 'such', 'folder.log'));
    await log.close();
    expect(printed).toEqual([expect.stringMatching(/^No log file for team: .*\.$/)]);
  });
});
