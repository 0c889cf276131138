import { describe, expect, it } from '@jest/globals';
import { decodeCursor, encodeCursor } from './page.js';
import { ProblemException } from './problem.js';

describe('cursors', () => {
  it.each(['key', '', 'a\u0000b', 'ü/日本'])('give back the position %j', (position) => {
    const cursor = encodeCursor('cases', position);
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(decodeCursor('cases', cursor)).toBe(position);
  });

  it('begin at the beginning where there is none', () => expect(decodeCursor('cases', undefined)).toBeUndefined());

  it.each([
    ['of another list', encodeCursor('players', 'key')],
    ['cut short', encodeCursor('cases', 'key').slice(0, -2)],
    ['with something added', `${encodeCursor('cases', 'key')}A`],
    ['made up', Buffer.from('["x","key"]').toString('base64url')],
    ['that are no cursors', 'hello'],
    ['that are empty', ''],
  ])('are refused %s', (_what, cursor) => {
    expect(() => decodeCursor('cases', cursor)).toThrow(ProblemException);
  });

  it('are refused with any one character changed', () => {
    const cursor = encodeCursor('cases', 'key-0001');
    for (let index = 0; index < cursor.length; index += 1) {
      const changed = cursor.slice(0, index) + (cursor[index] === 'B' ? 'C' : 'B') + cursor.slice(index + 1);
      expect(() => decodeCursor('cases', changed)).toThrow(ProblemException);
    }
  });
});
