import type * as z from 'zod';

import { hint } from './nearest.js';
import type { Found, Path } from './policy-fault.js';
import { policyJsonSchema } from './policy-shape.js';

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly oneOf?: readonly Node[];
  readonly anyOf?: readonly Node[];
  readonly description?: string;
  readonly const?: unknown;
}

let schema: Node | undefined;

/** What Zod says of a file's shape, as faults of the file: one for each name that is too many, missing or not as it should be. */
export function shapeFaults(issues: readonly z.core.$ZodIssue[], value: unknown): readonly Found[] {
  return issues.flatMap((issue): readonly Found[] => {
    const path = issue.path as Path;
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key, value));
    if (valueAt(value, path) === undefined) return [missing(path, value)];
    const must = issue.code === 'invalid_union' && path.at(-1) === 'kind' ? kinds : issue.message;
    return [{ rule: 'shape', path, message: `This ${shown(valueAt(value, path))}${must}.` }];
  });
}

const kinds = 'must be global (every region), cross-region (chosen regions) or regional (never leaves)';

const shownCharactersMax = 40;

/** What is there, where it is short enough to be said. */
function shown(value: unknown): string {
  if (typeof value === 'object') return value === null ? 'is empty, and ' : '';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > shownCharactersMax ? '' : `is ${text}, and `;
}

function unknownKey(path: Path, key: string, value: unknown): Found {
  const known = Object.keys(propertiesAt(path, value));
  const isTopicsOfZone = path.length === 2 && path[0] === 'zones' && key === 'topics';
  const help = isTopicsOfZone ? ' A topic names its zone, in the section topics.' : hint(key, known);
  return { rule: 'unknown_key', path: [...path, key], message: `There is no setting "${key}" here.${help}`, atKey: true };
}

function missing(path: Path, value: unknown): Found {
  const name = String(path.at(-1));
  const description = propertiesAt(path.slice(0, -1), value)[name]?.description;
  const what = description === undefined ? '' : ` ${description}`;
  return { rule: 'missing', path, message: `"${name}" is missing.${what}` };
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, part) => {
    return typeof at === 'object' && at !== null && Object.hasOwn(at, part) ? (at as Record<string, unknown>)[part] : undefined;
  }, value);
}

/** What the schema knows at a place of the file. Of kinds of zones, what the one that is meant has. */
function propertiesAt(path: Path, value: unknown): Readonly<Record<string, Node>> {
  let nodes: readonly Node[] = [(schema ??= policyJsonSchema())];
  path.forEach((part, depth) => {
    const here = valueAt(value, path.slice(0, depth));
    nodes = nodes.flatMap((node) => branches(node, here)).flatMap((node) => inner(node, part));
  });
  const here = valueAt(value, path);
  return Object.assign(
    {},
    ...nodes.flatMap((node) => branches(node, here)).map(({ properties }) => properties ?? {}),
  ) as Record<string, Node>;
}

function branches(node: Node, here: unknown): readonly Node[] {
  const all = node.oneOf ?? node.anyOf;
  if (all === undefined) return [node];
  const meant = all.filter(({ properties }) => properties?.['kind']?.const === valueAt(here, ['kind']));
  return meant.length > 0 ? meant : all;
}

function inner(node: Node, part: string | number): readonly Node[] {
  if (typeof part === 'number') return node.items === undefined ? [] : [node.items];
  const property = node.properties?.[part];
  if (property !== undefined) return [property];
  return typeof node.additionalProperties === 'object' ? [node.additionalProperties] : [];
}
