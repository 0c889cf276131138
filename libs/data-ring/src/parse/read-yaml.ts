import { isAlias, isMap, isScalar, isSeq, parseDocument, type Node, type Pair } from 'yaml';

import { pathText, policyFaultsMax, type Found, type Path, type PolicyFault, type PolicyRule } from './policy-fault.js';

/** What a policy says takes six levels; what lies deeper is not one, and recursion over it has no other bound. */
const depthMax = 16;

/** A YAML text as plain values, with the place of each. */
export interface ReadYaml {
  /** Maps are objects without a prototype; undefined where the text is no YAML at all. */
  readonly value: unknown;
  readonly faults: readonly PolicyFault[];
  /** Where in the text the fault is: at what it is about, or at the nearest thing around it that is there. */
  place(found: Found): PolicyFault;
}

const severalDocuments = 'A policy is one document, and this begins another: take the line --- out.';

interface Offsets {
  readonly key: number | undefined;
  readonly value: number;
}

const idOf = (path: Path): string => JSON.stringify(path);

/** Never throws. Aliases are refused, so that no few lines stand for millions. */
export function readYaml(text: string, file: string): ReadYaml {
  const lineStarts = startsOfLines(text);
  const offsets = new Map<string, Offsets>([[idOf([]), { key: undefined, value: 0 }]]);
  const at = (offset: number, fault: Omit<PolicyFault, 'line' | 'column' | 'file'>): PolicyFault => {
    const line = lineStarts.findLastIndex((start) => start <= offset);
    return { ...fault, line: line + 1, column: offset - lineStarts[line]! + 1, file };
  };
  const place = ({ rule, path, message, atKey = false }: Found): PolicyFault => {
    const exact = offsets.get(idOf(path));
    const around = exact === undefined ? nearestAround(path, offsets) : undefined;
    const offset = exact === undefined ? (around!.key ?? around!.value) : atKey ? (exact.key ?? exact.value) : exact.value;
    return at(offset, { rule, path: pathText(path), message });
  };

  const faults: PolicyFault[] = [];
  const parsed = parse(text);
  if (typeof parsed === 'string')
    return { value: undefined, faults: [at(0, { rule: 'yaml', path: '', message: parsed })], place };
  for (const { code, message, pos } of [...parsed.errors, ...parsed.warnings].slice(0, policyFaultsMax)) {
    const what = code === 'MULTIPLE_DOCS' ? severalDocuments : `This is not YAML: ${message.replace(/\.?\s*$/, '.')}`;
    faults.push(at(pos[0], { rule: 'yaml', path: '', message: what }));
  }
  if (parsed.errors.length > 0) return { value: undefined, faults, place };
  const refuse = (rule: PolicyRule, path: Path, offset: number, message: string): void => {
    if (faults.length < policyFaultsMax) faults.push(at(offset, { rule, path: pathText(path), message }));
  };
  return { value: plain(parsed.contents, [], { offsets, refuse }), faults, place };
}

/** The parser's own counter misses lines of some texts that are no YAML. */
function startsOfLines(text: string): readonly number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
}

function parse(text: string): ReturnType<typeof parseDocument> | string {
  try {
    // Keys that are there twice are found below, in time that does not grow with their square.
    return parseDocument(text, { uniqueKeys: false, prettyErrors: false });
  } catch (error) {
    return `This is not YAML: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function nearestAround(path: Path, offsets: ReadonlyMap<string, Offsets>): Offsets {
  for (let length = path.length - 1; length > 0; length--) {
    const found = offsets.get(idOf(path.slice(0, length)));
    if (found !== undefined) return found;
  }
  return { key: undefined, value: 0 };
}

interface Reading {
  readonly offsets: Map<string, Offsets>;
  refuse(rule: PolicyRule, path: Path, offset: number, message: string): void;
}

function plain(node: unknown, path: Path, reading: Reading): unknown {
  const offset = offsetOf(node) ?? 0;
  if (isAlias(node)) {
    reading.refuse('yaml_alias', path, offset, 'An alias (*) hides what is said where it counts: write it out.');
    return undefined;
  }
  if (path.length > depthMax) {
    reading.refuse('shape', path, offset, `This lies more than ${depthMax} levels deep, and nothing in a policy does.`);
    return undefined;
  }
  if (isMap(node)) return plainMap(node.items, path, reading);
  if (!isSeq(node)) return isScalar(node) ? node.value : null;
  return node.items.map((item, index) => {
    const inner = [...path, index];
    reading.offsets.set(idOf(inner), { key: undefined, value: offsetOf(item) ?? offset });
    return plain(item, inner, reading);
  });
}

function plainMap(pairs: readonly Pair[], path: Path, reading: Reading): unknown {
  // Without a prototype nothing is in it that the file does not have, whatever it is called.
  const map = Object.create(null) as Record<string, unknown>;
  for (const { key, value } of pairs) {
    const keyOffset = offsetOf(key) ?? 0;
    const name = isScalar(key) ? String(key.value) : '__proto__';
    const inner = [...path, name];
    if (name === '__proto__') {
      reading.refuse('shape', path, keyOffset, 'A name must be a plain word.');
    } else if (name in map) {
      const message = `"${name}" is there twice, and only one of the two could count: take one out.`;
      reading.refuse('duplicate_key', inner, keyOffset, message);
    } else {
      reading.offsets.set(idOf(inner), { key: keyOffset, value: offsetOf(value) ?? keyOffset });
      map[name] = plain(value, inner, reading);
    }
  }
  return map;
}

const offsetOf = (node: unknown): number | undefined => (node as Node | null)?.range?.[0];
