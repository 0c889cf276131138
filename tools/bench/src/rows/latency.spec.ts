import { expect, it } from '@jest/globals';

import { isMet } from '../results-in-words.js';
import { unseenIn } from './latency.js';

it('a report that is in no case misses the aim, whatever the other rounds were like', () => {
  expect(isMet(unseenIn([{ unseen: 0 }, { unseen: 0 }]))).toBe(true);
  const one = unseenIn([{ unseen: 0 }, { unseen: 1 }, { unseen: 0 }]);
  expect([one.value, isMet(one)]).toEqual([1, false]);
});
