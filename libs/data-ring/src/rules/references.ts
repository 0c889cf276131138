import type { Draft, Section } from '../parse/draft.js';
import { hint } from '../parse/nearest.js';
import type { Found, Path, PolicyRule } from '../parse/policy-fault.js';

const rules = {
  regions: 'unknown_region',
  zones: 'unknown_zone',
  topics: 'unknown_topic',
} as const satisfies Partial<Record<Section, PolicyRule>>;

type Named = keyof typeof rules;

/** A fault where a name stands for nothing in its section. None where the whole section is missing: that is one already. */
export function unknownIn(draft: Draft, section: Named, name: string, path: Path): readonly Found[] {
  const names = draft.namesOf(section);
  if (names === undefined || names.includes(name)) return [];
  const message = `There is no ${section.slice(0, -1)} "${name}" in this policy.${hint(name, names)}`;
  return [{ rule: rules[section], path, message }];
}

/** Faults of a list of names: those that stand for nothing, and those that are there twice. */
export function faultsOfNames(draft: Draft, section: Named, names: readonly string[], path: Path): readonly Found[] {
  const once = new Set<string>();
  return names.flatMap((name, index): readonly Found[] => {
    const at = [...path, index];
    if (once.has(name)) return [{ rule: 'listed_twice', path: at, message: `"${name}" is in this list already: take it out.` }];
    once.add(name);
    return unknownIn(draft, section, name, at);
  });
}
