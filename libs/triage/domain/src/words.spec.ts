import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { wordsOf, wordsPerReportMax } from './words.js';

describe('wordsOf', () => {
  it.each<[string, readonly string[]]>([
    ['He kept FEEDING, the whole game, feeding!', ['feeding']],
    ["Don't know; it's because of Téam-killing.", ['killing']],
    ['Er hat übertrieben gejubelt', ['gejubelt', 'ubertrieben']],
    ['наш игрок ждал', ['ждал', 'игрок', 'наш']],
    ['他一直送人头', ['一直', '人头']],
    ['see https://cheats.example/buy?x=1 or mail me@example.com now', ['mail', 'see']],
    ['room 4711, x2, 0815abc', ['room']],
    ['visit WWW.cheats.example or http://cheats.example today', ['today', 'visit']],
    ['cheats.example@somewhere bought', ['bought']],
    [
      "L'équipe d’en face: ils l’ont fait exprès",
      ['exprès'.normalize('NFD').replace(/\p{M}/gu, ''), 'face', 'fait', 'lequipe', 'lont'],
    ],
    ['जानबूझकर हारा', ['जानबूझकर', 'हारा']],
    [`${'a'.repeat(32)} ${'b'.repeat(33)}`, ['a'.repeat(32)]],
    ['lag,https://x.example/lag lag', ['lag']],
    ['', []],
    [' \n\t ', []],
  ])('of %j are %j', (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it('are a bounded set without order, of words without digits and of bounded length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 500 }), (text) => {
        const words = wordsOf(text);
        expect(words).toEqual([...new Set(words)].sort());
        expect(words.length).toBeLessThanOrEqual(wordsPerReportMax);
        for (const word of words) expect(word).toMatch(/^[^\p{N}\s]{2,32}$/u);
      }),
    );
    expect(
      wordsOf(Array.from({ length: 90 }, (_, i) => `word${'abcdefghij'[i % 10]}${'klmnopqrst'[Math.floor(i / 10)]}`).join(' ')),
    ).toHaveLength(wordsPerReportMax);
  });

  it('does not say how often a word was written', () => {
    expect(wordsOf('lag lag lag')).toEqual(wordsOf('Lag'));
  });
});
