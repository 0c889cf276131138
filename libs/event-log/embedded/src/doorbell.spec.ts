import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Doorbell, openDoorbell } from './doorbell.js';

let directory: string;
let bells: Doorbell[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ringside-bell-'));
  bells = [];
});

afterEach(() => {
  for (const bell of bells) bell.close();
  rmSync(directory, { recursive: true, force: true });
});

function bellAt(file: string, onRing: () => void, onWarning: (message: string) => void = () => undefined): Doorbell {
  const bell = openDoorbell({ file, onRing, pollMs: 60_000, pollWithoutWatchMs: 5, onWarning });
  bells.push(bell);
  return bell;
}

describe('a doorbell', () => {
  it('is heard at the other end of the file, long before a poll', async () => {
    const file = join(directory, 'bell');
    const heard = new Promise<void>((resolve) => bellAt(file, resolve).listen());
    bellAt(file, () => undefined).ring();
    await heard;
  });

  it('that cannot be watched is polled, and says so', async () => {
    const file = join(directory, 'bell');
    const warnings: string[] = [];
    await new Promise<void>((resolve) => {
      const bell = bellAt(file, resolve, (message) => warnings.push(message));
      rmSync(file);
      bell.listen();
    });
    expect(warnings).toEqual([expect.stringContaining('cannot be watched')]);
  });

  it('may be closed while it rings, and rung after it was closed', () => {
    const bell = bellAt(join(directory, 'bell'), () => undefined);
    bell.ring();
    bell.close();
    expect(() => bell.ring()).not.toThrow();
  });
});
