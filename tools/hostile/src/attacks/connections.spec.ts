import { expect, it } from '@jest/globals';

import { connectionsAllowed } from './connections.js';

const limits = (files: string): string =>
  `Limit            Soft Limit  Hard Limit  Units\nMax open files   ${files}  1048576  files\n`;

it('there are as many connections as the limit on open files leaves, and no more than are wanted', () => {
  expect(connectionsAllowed(limits('1024'))).toBe(524);
  expect(connectionsAllowed(limits('100'))).toBe(-400);
  expect(connectionsAllowed(limits('1048576'))).toBe(10_000);
  expect(connectionsAllowed(limits('unlimited'))).toBe(10_000);
});
