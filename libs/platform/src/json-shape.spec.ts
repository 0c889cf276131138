import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keysGivenTwice, membersOf, shapeOf } from './json-shape.js';

const shape = (text: string, depthMax = 32) => shapeOf(Buffer.from(text), depthMax);

describe('the shape of a JSON text', () => {
  it('is that of its value, whatever is in its strings', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6, noUnicodeString: false }), (value) => {
        const { depth, members } = shape(JSON.stringify(value), 1_000);
        expect(members).toBe(membersOf(JSON.parse(JSON.stringify(value))));
        expect(depth).toBe(depthOf(value));
      }),
    );
  });

  it('is not looked for beyond the depth that is allowed', () => {
    expect(shape('['.repeat(60_000)).depth).toBe(33);
    expect(shape(`${'['.repeat(32)}${']'.repeat(32)}`).depth).toBe(32);
  });

  it('is found of what is no JSON as well', () => {
    for (const text of ['', '"', '"\\', ']]]]', '"a', ':::']) expect(() => shape(text)).not.toThrow();
  });
});

describe('keys that are given twice', () => {
  it.each<[string, string, string[]]>([
    ['none', '{"a":{"a":[{"a":1},{"a":2}]},"b":"a"}', []],
    ['one', '{"a":1,"b":2,"a":3}', ['/a']],
    ['one in two spellings', '{"a":1,"\\u0061":2}', ['/a']],
    ['in a list', '[{"a":1},{"a":1,"a":{}}]', ['/1/a']],
    ['three times, and inside of the last', '{"a":{},"a":{},"a":{"b":[0,{"c/d":1,"c/d":2}]}}', ['/a', '/a', '/a/b/1/c~1d']],
    ['an empty one', '{"":1,"":2}', ['/']],
    ['beside strings that look like objects', '{"a":"{\\"a\\":1,","b":"\\\\","b":",\\"a\\":"}', ['/b']],
  ])('%s', (_name, text, pointers) => {
    expect(keysGivenTwice(text, 9)).toEqual(pointers);
    expect(membersOf(JSON.parse(text)) < shape(text).members).toBe(pointers.length > 0);
  });

  it('are looked for until there are enough', () => {
    expect(keysGivenTwice(`{${'"a":1,'.repeat(9)}"b":1,"b":2}`, 3)).toEqual(['/a', '/a', '/a']);
  });
});

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
