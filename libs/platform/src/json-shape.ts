import { jsonPointer } from '@ringside/core';

/** What the bytes of a JSON document tell before it is parsed. */
export interface JsonShape {
  /** How deep arrays and objects lie within each other; beyond `depthMax` it is not looked further. */
  readonly depth: number;
  /** Members of all objects together, as they are written: more than the parsed value has where a key is given twice. */
  readonly members: number;
}

const [quote, backslash, colon, openArray, closeArray, openObject, closeObject] = [...'"\\:[]{}'].map((one) =>
  one.charCodeAt(0),
) as [number, number, number, number, number, number, number];

/** One pass over the bytes, which need not be JSON: then the shape means nothing, and parsing will fail. */
export function shapeOf(bytes: Uint8Array, depthMax: number): JsonShape {
  let [depth, deepest, members] = [0, 0, 0];
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (byte === quote) {
      for (index += 1; index < bytes.length && bytes[index] !== quote; index += 1) {
        if (bytes[index] === backslash) index += 1;
      }
    } else if (byte === colon) members += 1;
    else if (byte === openArray || byte === openObject) {
      if (++depth > deepest) deepest = depth;
      if (deepest > depthMax) break;
    } else if (byte === closeArray || byte === closeObject) depth -= 1;
  }
  return { depth: deepest, members };
}

/** Members of all objects of a parsed value together. */
export function membersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const children: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  let members = Array.isArray(value) ? 0 : children.length;
  for (const child of children) members += membersOf(child);
  return members;
}

/** An array or object that is read: where in it the next value belongs. */
interface Level {
  /** Of an object; undefined for an array. */
  readonly keys: Set<string> | undefined;
  place: string | number;
  expectsKey: boolean;
}

const token = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{},]/gs;

/** JSON Pointers to the first `countMax` keys of a JSON text that their object has already. The text has to be one that parses. */
export function keysGivenTwice(text: string, countMax: number): readonly string[] {
  const found: string[] = [];
  const levels: Level[] = [];
  for (const [one] of text.matchAll(token)) {
    if (found.length >= countMax) break;
    const level = levels.at(-1);
    if (one === '{') levels.push({ keys: new Set(), place: '', expectsKey: true });
    else if (one === '[') levels.push({ keys: undefined, place: 0, expectsKey: false });
    else if (one === '}' || one === ']') levels.pop();
    else if (one === ',') advance(level!);
    else if (level?.expectsKey) {
      const key = JSON.parse(one) as string;
      level.place = key;
      level.expectsKey = false;
      if (level.keys!.has(key)) found.push(jsonPointer(levels.map(({ place }) => String(place))));
      else level.keys!.add(key);
    }
  }
  return found;
}

function advance(level: Level): void {
  if (level.keys === undefined) level.place = (level.place as number) + 1;
  else level.expectsKey = true;
}
