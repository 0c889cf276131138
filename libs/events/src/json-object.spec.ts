import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { faultOfJsonObject, jsonDepthMax } from './json-object.js';

const misfits: readonly (readonly [unknown, string])[] = [
  [undefined, 'must contain JSON values only'],
  [() => 1, 'must contain JSON values only'],
  [new Date(0), 'must contain JSON values only'],
  [NaN, 'must not contain a number beyond the range of a double'],
  ['\ud83d', 'must not contain broken Unicode'],
  [{ '\udc40': 1 }, 'must not contain broken Unicode'],
  [JSON.parse('{"__proto__":1}'), 'must not have a key named __proto__'],
];
// A zero below zero is a zero in JSON.
const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);
const sound = (value: unknown): boolean => faultOfJsonObject({ value }) === null;
const place = fc.array(fc.tuple(fc.boolean(), fc.array(json.filter(sound), { maxLength: 4 }), fc.nat(4)), { maxLength: 8 });
type Place = typeof place extends fc.Arbitrary<infer T> ? T : never;

/** Puts a value among others, in lists and objects within each other: `[asList, others, index]` from the inside out. */
const within = (places: Place, value: unknown): unknown =>
  places.reduce<unknown>((inner, [asList, others, index]) => {
    const items = others.toSpliced(Math.min(index, others.length), 0, inner);
    return asList ? items : Object.fromEntries(items.map((item, i) => [`k${i}`, item]));
  }, value);

describe('what is no JSON object that is read back as it was', () => {
  it.each(misfits)('is said wherever in it %p is', (misfit, fault) => {
    fc.assert(
      fc.property(place, (places) => {
        expect(faultOfJsonObject({ first: 1, inner: within(places, misfit), last: 'x' })).toBe(fault);
      }),
    );
  });

  it('is anything else than what is read back as it was, for any JSON of bounded depth', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json, { noNullPrototype: true }), (value) => {
        const text = JSON.stringify(value);
        if (!text.includes('__proto__') && text.isWellFormed() && !/\\ud[89a-f]/i.test(text))
          expect(faultOfJsonObject(value)).toBeNull();
      }),
    );
  });

  it('is nested too deeply, in lists as in objects', () => {
    const nested = (depth: number, asList: boolean): unknown =>
      within(
        Array.from({ length: depth - 1 }, () => [asList, [], 0] as Place[number]),
        asList ? [] : {},
      );
    for (const asList of [true, false]) {
      expect(faultOfJsonObject({ value: nested(jsonDepthMax - 1, asList) })).toBeNull();
      expect(faultOfJsonObject({ value: nested(jsonDepthMax, asList) })).toBe('must not be nested more than 16 levels deep');
    }
  });

  it('is not an object without a prototype', () => {
    expect(faultOfJsonObject(Object.assign(Object.create(null) as object, { a: [1] }))).toBeNull();
  });
});
