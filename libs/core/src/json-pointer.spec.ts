import { expect, it } from '@jest/globals';
import { jsonPointer } from './json-pointer.js';

it.each([
  [[], ''],
  [['data', 'chat', 0, 'text'], '/data/chat/0/text'],
  [['a/b', '~', '~1', ''], '/a~1b/~0/~01/'],
])('the pointer of %j is %j', (path, pointer) => {
  expect(jsonPointer(path)).toBe(pointer);
});
