import { describe, expect, it } from '@jest/globals';
import { turns, UnavailableError } from '@ringside/core';

import { openCheckpoints } from './checkpoints.js';
import { applied, type Answer, fakeSession, refused, rowOf } from './fake-session.fixture.js';
import type { CqlRow } from './session.js';
import { openStreams } from './streams.js';

const append = {
  stream: 's',
  expectedVersion: 2,
  fence: 1,
  commandId: 'c',
  events: [{ id: 'e', type: 'T', data: {} }],
  result: { answeredTo: 'c' },
};

/** An append whose transaction is answered so; `command` gives the command's row by the id of the attempt. */
function appending(answer: Answer, version: number | null, command?: (attempt: string) => CqlRow, fence = 1) {
  const session = fakeSession([answer], (query) => {
    if (!query.includes('led_to')) return version === null ? [] : [rowOf({ version: BigInt(version), fence: BigInt(fence) })];
    return command === undefined ? [] : [command(session.transactions[0]![1]!.params.at(-1) as string)];
  });
  return { session, outcome: openStreams('ks', session, turns()).append(append) };
}

const body = JSON.stringify(append.result);

describe('an append of which nobody knows what became', () => {
  it('was stored: its own attempt is with the command', async () => {
    const { session, outcome } = appending('times out', 3, (attempt) => rowOf({ body, led_to: 3n, attempt }));
    expect(await outcome).toEqual({ outcome: 'appended', version: 3 });
    expect(session.transactions).toHaveLength(1);
  });

  it('was stored by an earlier sending', async () => {
    const { outcome } = appending('times out', 3, () => rowOf({ body, led_to: 3n, attempt: 'another' }));
    expect(await outcome).toEqual({ outcome: 'repeated', version: 3, result: append.result });
  });

  it('can no longer be stored, as the version has gone on', async () => {
    expect(await appending('times out', 4).outcome).toEqual({ outcome: 'conflict', version: 4 });
  });

  it.each([2, 0])('may yet be stored: it is not sent again, and the caller is told (version %d)', async (version) => {
    const { session, outcome } = appending('times out', version);
    if (version === 2) await expect(outcome).rejects.toThrow(UnavailableError);
    else expect(await outcome).toEqual({ outcome: 'conflict', version: 0 });
    expect(session.transactions).toHaveLength(1);
  });

  it('can no longer be stored, as the fence was raised', async () => {
    const { outcome } = appending('times out', 2, undefined, 2);
    expect(await outcome).toEqual({ outcome: 'fenced', version: 2, fence: 2 });
  });

  it('a refusal without a row is looked up in the same way', async () => {
    expect(await appending(refused, null).outcome).toEqual({ outcome: 'conflict', version: 0 });
  });
});

/** A raise of the fence; `fences` are those that are read, one after the other. */
function raising(answers: Answer[], fences: readonly number[]) {
  const left = [...fences];
  const session = fakeSession(answers, () => [rowOf({ version: 4n, fence: BigInt(left.shift()!) })]);
  return { session, outcome: openStreams('ks', session, turns()).raiseFence('s') };
}

describe('a raise of a fence', () => {
  it.each([
    ['was applied', applied, [1, 2]],
    ['timed out and was applied', 'times out', [1, 2]],
    ['lost against others', refused, [1, 3]],
  ] as const)('that %s answers with what is there then', async (_, answer, fences) => {
    const { session, outcome } = raising([answer], fences);
    expect(await outcome).toEqual({ version: 4, fence: fences[1] });
    expect(session.transactions).toHaveLength(1);
  });

  it('that timed out without effect is sent again, in the same words', async () => {
    const { session, outcome } = raising(['times out', applied], [1, 1, 2]);
    expect(await outcome).toEqual({ version: 4, fence: 2 });
    expect(session.transactions[1]).toEqual(session.transactions[0]);
  });

  it('of which nothing can be learned says so', async () => {
    await expect(raising(['times out', 'times out', 'times out'], [1, 1, 1, 1]).outcome).rejects.toThrow(UnavailableError);
  });
});

const checkpoint = { subscription: 'views', partition: 3, epoch: 2, position: 'p7', ordinal: 7 };
const stored = (epoch: number, ordinal: number, position: string | null = `p${ordinal}`): CqlRow =>
  rowOf({ epoch: BigInt(epoch), ordinal: BigInt(ordinal), position });

function checkpointsOn(answers: Answer[], rows: readonly (CqlRow | undefined)[]) {
  const left = [...rows];
  const session = fakeSession(answers, () => {
    const row = left.shift();
    return row === undefined ? [] : [row];
  });
  return { session, checkpoints: openCheckpoints('ks', session, turns()) };
}

describe('a checkpoint of which nobody knows whether it moved', () => {
  it.each([
    ['is there', stored(2, 7), undefined],
    ['was passed in the same epoch', stored(2, 8), undefined],
    ['belongs to another now', stored(3, 6), checkpoint],
    ['is gone', undefined, checkpoint],
  ])('%s', async (_, row, fenced) => {
    const { session, checkpoints } = checkpointsOn(['times out'], [row]);
    expect(await checkpoints.move([checkpoint])).toEqual(fenced);
    expect(session.transactions).toHaveLength(1);
  });

  it.each([stored(2, 6), stored(2, 7, 'elsewhere')])('may yet move, and the caller is told', async (row) => {
    const { session, checkpoints } = checkpointsOn(['times out'], [row]);
    await expect(checkpoints.move([checkpoint])).rejects.toThrow(UnavailableError);
    expect(session.transactions).toHaveLength(1);
  });
});

describe('a takeover', () => {
  it('never answers with an epoch whose transaction was not seen to succeed', async () => {
    const { session, checkpoints } = checkpointsOn(['times out', refused, applied], [undefined, stored(1, 0), stored(4, 9)]);
    expect(await checkpoints.takeOver('views', 3)).toEqual({ ...checkpoint, epoch: 5, position: 'p9', ordinal: 9 });
    expect(session.transactions).toHaveLength(3);
    expect(session.writes).toHaveLength(1);
  });
});
