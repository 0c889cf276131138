import { describe, expect, it } from '@jest/globals';
import { err, ok } from './result.js';

describe('a result', () => {
  it('is a value or an error, and says which, whatever it holds', () => {
    for (const held of [undefined, null, false, 0, new Error('held')]) {
      expect(ok(held)).toEqual({ ok: true, value: held });
      expect(err(held)).toEqual({ ok: false, error: held });
      expect(ok(held).value).toBe(held);
      expect(err(held).error).toBe(held);
    }
  });
});
