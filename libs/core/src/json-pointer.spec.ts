import { expect, it } from '@jest/globals';
import { jsonPointer, pointerCharactersMax } from './json-pointer.js';

it.each([
  [[], ''],
  [['data', 'chat', 0, 'text'], '/data/chat/0/text'],
  [['a/b', '~', '~1', ''], '/a~1b/~0/~01/'],
])('the pointer of %j is %j', (path, pointer) => {
  expect(jsonPointer(path)).toBe(pointer);
});

it('is cut where keys are long', () => {
  const long = '~'.repeat(60_000);
  for (const path of [[long], ['a', long, 'b'], Array.from({ length: 32 }, () => long), ['a'.repeat(256)]]) {
    const pointer = jsonPointer(path);
    expect([pointer.length, pointer.at(-1)]).toEqual([pointerCharactersMax + 1, '…']);
  }
  expect(jsonPointer(['a'.repeat(pointerCharactersMax - 1)])).toHaveLength(pointerCharactersMax);
});
