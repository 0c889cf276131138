import { isUtf8 } from 'node:buffer';
import { jsonPointer } from '@ringside/core';
import secureJson from 'secure-json-parse';
import { keysGivenTwice, membersOf, shapeOf } from './json-shape.js';
import { faultsMax, ProblemException, problems, type Fault } from './problem.js';

/** Largest JSON body, unless a route takes another format: 64 KiB. */
export const jsonBytesMax = 64 * 1024;

/** How deep arrays and objects may lie within each other: what walks a value recursively stays far from the stack's end. */
export const jsonDepthMax = 32;

const forbiddenIn = new WeakMap<object, readonly Fault[]>();

/**
 * What {@link parseJson} has found of keys that are never taken or given twice in this body, each with its pointer. Whoever
 * validates the body tells it together with what else is wrong.
 */
export const forbiddenKeysIn = (body: unknown): readonly Fault[] =>
  (typeof body === 'object' && body !== null && forbiddenIn.get(body)) || [];

/**
 * Parses a JSON body. Throws {@link ProblemException} for bytes that are not UTF-8, for what is not JSON, and for nesting beyond
 * {@link jsonDepthMax}. Keys that would reach a prototype (`__proto__`, `constructor.prototype`) are left out of what it returns,
 * and of a key that is given twice the last one counts, as everywhere in JavaScript; others take the first. Ask
 * {@link forbiddenKeysIn} for both, and refuse the body.
 */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) throw new ProblemException(problems.invalidJson, 'The body is empty: send a JSON document.');
  if (!isUtf8(bytes)) throw new ProblemException(problems.invalidJson, 'The body is not valid UTF-8.');
  const { depth, members } = shapeOf(bytes, jsonDepthMax);
  if (depth > jsonDepthMax) {
    throw new ProblemException(problems.invalidJson, `Arrays and objects may be nested ${jsonDepthMax} deep.`);
  }
  const text = bytes.toString('utf8');
  // Undefined for broken JSON, and null for a forbidden key or for `null` itself.
  const safe: unknown = secureJson.safeParse(text);
  const value = safe ?? parseSuspicious(text);
  const isTwice = membersOf(value) < members;
  const faults = [
    ...(isTwice ? keysGivenTwice(text, faultsMax + 1).map((pointer) => ({ pointer, detail: 'is given twice' })) : []),
    ...(value === safe ? [] : takeForbiddenKeys(value)),
  ];
  if (faults.length > 0) forbiddenIn.set(value as object, faults);
  return value;
}

function parseSuspicious(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's message quotes the body, so it goes nowhere.
    throw new ProblemException(problems.invalidJson, 'The body is not a JSON document.');
  }
}

function takeForbiddenKeys(root: unknown): readonly Fault[] {
  const faults: Fault[] = [];
  const pending: (readonly [value: unknown, path: readonly string[]])[] = [[root, []]];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [value, path] = next;
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, child] of Object.entries(value)) {
      const at = [...path, key];
      const forbidden = key === '__proto__' || (key === 'constructor' && isObjectWith(child, 'prototype'));
      if (!forbidden) {
        pending.push([child, at]);
        continue;
      }
      if (faults.length <= faultsMax) faults.push({ pointer: jsonPointer(at), detail: 'is a key that is never taken' });
      Reflect.deleteProperty(value, key);
    }
  }
  return faults;
}

const isObjectWith = (value: unknown, key: string): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key);
