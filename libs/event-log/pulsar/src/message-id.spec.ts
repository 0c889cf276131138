import { describe, expect, it } from '@jest/globals';
import type { Position } from '@ringside/event-log';
import { decodeMessageId, encodeMessageId, type MessageId, messageIdOf, positionOf } from './message-id.js';

const id = (ledgerId: number, entryId: number, batchIndex = -1): MessageId => ({ ledgerId, entryId, batchIndex });

describe('a position', () => {
  it('compares as a string as the messages lie: by ledger, entry, place in the batch', () => {
    const inOrder = [id(6, 0), id(6, 9), id(6, 10, 0), id(6, 10, 1), id(6, 10, 10), id(6, 11), id(10, 0), id(2 ** 53 - 1, 0)];
    const positions = inOrder.map(positionOf);
    expect([...positions].sort()).toEqual(positions);
    expect(new Set(positions.map(({ length }) => length)).size).toBe(1);
  });

  it('leads back to the message', () => {
    for (const one of [id(0, 0), id(6, 10, 3), id(2 ** 53 - 1, 2 ** 31)]) expect(messageIdOf(positionOf(one))).toEqual(one);
  });

  it.each(['', '0000000000000042', '6:1:0', `${positionOf(id(1, 1))} `])('of another driver is refused: %j', (text) => {
    expect(() => messageIdOf(text as Position)).toThrow(RangeError);
  });
});

describe("Pulsar's message ids", () => {
  // As brokers of 4.0 sent them: an answer to a producer, a message to a consumer.
  it.each([
    ['CAYQADAA', id(6, 0)],
    ['CA4QAjAA', id(14, 2)],
    ['CAYQARgAMAA=', id(6, 1)],
  ])('are read: %s', (base64, expected) => {
    expect(decodeMessageId(Buffer.from(base64, 'base64'))).toEqual(expected);
  });

  it('come back as they were written, before the first entry and outside a batch as well', () => {
    for (const one of [id(6, 0), id(300, -1), id(2 ** 40, 70_000, 129)]) {
      expect(decodeMessageId(encodeMessageId(one, 3))).toEqual(one);
    }
  });

  it('are refused where they are cut off or empty', () => {
    expect(() => decodeMessageId(Buffer.from([0x08, 0x86]))).toThrow(/ends in the middle/);
    expect(() => decodeMessageId(Buffer.alloc(0))).toThrow(/no ledger/);
  });
});
