import { isUtf8 } from 'node:buffer';
import { jsonPointer } from '@ringside/core';
import secureJson from 'secure-json-parse';
import { ProblemException, problems, type Fault } from './problem.js';

/** Largest JSON body, unless a route takes another format: 64 KiB. */
export const jsonBytesMax = 64 * 1024;

/** How deep arrays and objects may lie within each other: what walks a value recursively stays far from the stack's end. */
export const jsonDepthMax = 32;

const forbiddenIn = new WeakMap<object, readonly Fault[]>();

/**
 * What {@link parseJson} has left out of this body, each key with its pointer. Whoever validates the body tells it together with
 * what else is wrong.
 */
export const forbiddenKeysIn = (body: unknown): readonly Fault[] =>
  (typeof body === 'object' && body !== null && forbiddenIn.get(body)) || [];

/**
 * Parses a JSON body. Throws {@link ProblemException} for bytes that are not UTF-8, for what is not JSON, and for nesting beyond
 * {@link jsonDepthMax}. Keys that would reach a prototype (`__proto__`, `constructor.prototype`) are left out of what it returns:
 * ask {@link forbiddenKeysIn} for them, and refuse the body.
 */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) throw new ProblemException(problems.invalidJson, 'The body is empty: send a JSON document.');
  if (!isUtf8(bytes)) throw new ProblemException(problems.invalidJson, 'The body is not valid UTF-8.');
  if (mayBeTooDeep(bytes) && isTooDeep(bytes)) {
    throw new ProblemException(problems.invalidJson, `Arrays and objects may be nested ${jsonDepthMax} deep.`);
  }
  const text = bytes.toString('utf8');
  const value = secureJson.safeParse(text);
  if (value !== null && value !== undefined) return value;
  return parseSuspicious(text);
}

/** `safeParse` answers undefined for broken JSON and null for a forbidden key (or for `null` itself): find out which, and where. */
function parseSuspicious(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes the body, so it goes nowhere.
    throw new ProblemException(problems.invalidJson, 'The body is not a JSON document.');
  }
  const faults = takeForbiddenKeys(value);
  if (faults.length > 0) forbiddenIn.set(value as object, faults);
  return value;
}

function takeForbiddenKeys(root: unknown): readonly Fault[] {
  const faults: Fault[] = [];
  const pending: (readonly [value: unknown, pointer: string])[] = [[root, '']];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [value, pointer] = next;
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, child] of Object.entries(value)) {
      const at = `${pointer}${jsonPointer([key])}`;
      const forbidden = key === '__proto__' || (key === 'constructor' && isObjectWith(child, 'prototype'));
      if (!forbidden) {
        pending.push([child, at]);
        continue;
      }
      faults.push({ pointer: at, detail: 'is a key that is never taken' });
      Reflect.deleteProperty(value, key);
    }
  }
  return faults;
}

const isObjectWith = (value: unknown, key: string): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key);

/** Cheap: counts opening brackets without regard to strings, so it may cry wolf but never misses one. */
function mayBeTooDeep(bytes: Buffer): boolean {
  let open = 0;
  for (let index = bytes.length - 1; index >= 0; index -= 1) {
    const byte = bytes[index];
    if ((byte === 0x5b || byte === 0x7b) && ++open > jsonDepthMax) return true;
  }
  return false;
}

function isTooDeep(bytes: Buffer): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (inString) {
      if (byte === 0x5c) index += 1;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > jsonDepthMax) return true;
    } else if (byte === 0x5d || byte === 0x7d) depth -= 1;
  }
  return false;
}
