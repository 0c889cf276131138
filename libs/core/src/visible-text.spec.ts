import { describe, expect, it } from '@jest/globals';

import { visibleText } from './visible-text.js';

describe('a text with something to see', () => {
  it.each(['a', ' é ', '7', '…', '🎯', '日本', '\u200b!'])('%j is one', (text) => {
    expect(visibleText.test(text)).toBe(true);
  });

  it.each(['', ' \n\t', '\u00a0\u3000', '\u200b\u2060\ufeff', '\u00ad\u200d', '\u3164\u115f\uffa0', '\u2800', '\u0000'])(
    '%j is none',
    (text) => {
      expect(visibleText.test(text)).toBe(false);
    },
  );
});
