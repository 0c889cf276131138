import type * as z from 'zod';

import type { Path } from './policy-fault.js';
import { policyShape, type PolicyShape } from './policy-shape.js';
import { valueAt } from './shape-faults.js';

const sections = ['regions', 'zones', 'topics', 'views', 'services'] as const;
export type Section = (typeof sections)[number];

/**
 * As much of a file as has the right shape, so that contradictions in it are told together with what is wrong elsewhere. A name
 * is known also where what it stands for is not as it should be.
 */
export interface Draft {
  readonly tenant: string | undefined;
  readonly regions: ReadonlyMap<string, PolicyShape['regions'][string]>;
  readonly zones: ReadonlyMap<string, PolicyShape['zones'][string]>;
  readonly topics: ReadonlyMap<string, PolicyShape['topics'][string]>;
  readonly views: ReadonlyMap<string, PolicyShape['views'][string]>;
  readonly services: ReadonlyMap<string, PolicyShape['services'][string]>;
  readonly homes: PolicyShape['homes'] | undefined;
  /** All names of a section; undefined where the file has no such section. */
  namesOf(section: Section): readonly string[] | undefined;
}

export function draftOf(value: unknown, shaped: PolicyShape | undefined, issues: readonly z.core.$ZodIssue[] = []): Draft {
  const whole = shaped ?? soundPart(value, issues);
  const entries = <S extends Section>(section: S) => new Map(Object.entries(whole[section] ?? {}));
  return {
    tenant: whole.tenant,
    regions: entries('regions') as Draft['regions'],
    zones: entries('zones') as Draft['zones'],
    topics: entries('topics') as Draft['topics'],
    views: entries('views') as Draft['views'],
    services: entries('services') as Draft['services'],
    homes: whole.homes,
    namesOf: (section) => namesOf(valueAt(value, [section])),
  };
}

const namesOf = (section: unknown): readonly string[] | undefined =>
  typeof section === 'object' && section !== null && !Array.isArray(section) ? Object.keys(section) : undefined;

/** Leaves out every entry of a section, or else every section, that an issue is about. */
function soundPart(
  value: unknown,
  issues: readonly z.core.$ZodIssue[],
): { readonly [Key in keyof PolicyShape]?: PolicyShape[Key] | undefined } {
  if (typeof value !== 'object' || value === null) return {};
  const broken = new Set(issues.flatMap(brokenBy).map((path) => JSON.stringify(path)));
  const isSound = (path: Path): boolean => !broken.has(JSON.stringify(path));
  const kept = Object.entries(value)
    .filter(([name]) => isSound([name]))
    .map(([name, section]) => [name, isNamed(name, section) ? soundEntries(name, section, isSound) : section] as const);
  return policyShape.partial().safeParse(Object.fromEntries(kept)).data ?? {};
}

function brokenBy({ path, ...issue }: z.core.$ZodIssue): readonly Path[] {
  const deep = [...(path as Path)];
  if (issue.code === 'unrecognized_keys' && deep.length < 2) return issue.keys.map((key) => [...deep, key]);
  const section = deep[0];
  return [deep.slice(0, sections.some((name) => name === section) ? 2 : 1)];
}

const isNamed = (name: string, section: unknown): section is object =>
  sections.some((known) => known === name) && typeof section === 'object' && section !== null;

const soundEntries = (name: string, section: object, isSound: (path: Path) => boolean): object =>
  Object.fromEntries(Object.entries(section).filter(([entry]) => isSound([name, entry])));
