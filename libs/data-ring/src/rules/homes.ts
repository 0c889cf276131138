import type { Draft } from '../parse/draft.js';
import type { Found } from '../parse/policy-fault.js';
import type { HomesPolicy } from '../policy.js';
import { faultsOfNames, unknownIn } from './references.js';

/** Rules of homes that name no region, or that no id ever comes to. */
export function homesRule(draft: Draft): readonly Found[] {
  if (draft.homes === undefined) return [];
  const { rules, otherwise } = draft.homes;
  return [
    ...rules.flatMap(({ idPrefix, region }, index) => {
      const path = ['homes', 'rules', index];
      return [...unknownIn(draft, 'regions', region, [...path, 'region']), ...shadowed(rules.slice(0, index), idPrefix, index)];
    }),
    ...otherwiseFaults(draft, otherwise),
  ];
}

function otherwiseFaults(draft: Draft, otherwise: HomesPolicy['otherwise']): readonly Found[] {
  const path = ['homes', 'otherwise'];
  if (otherwise === 'hash') return [];
  if ('region' in otherwise) return unknownIn(draft, 'regions', otherwise.region, [...path, 'region']);
  const inner = [...path, 'hashOver'];
  if (otherwise.hashOver.length > 0) return faultsOfNames(draft, 'regions', otherwise.hashOver, inner);
  return [{ rule: 'shape', path: inner, message: 'Players whom no rule fits are at home somewhere: name one region or more.' }];
}

function shadowed(earlier: readonly { readonly idPrefix: string }[], idPrefix: string, index: number): readonly Found[] {
  const first = earlier.findIndex((rule) => idPrefix.startsWith(rule.idPrefix));
  if (first === -1) return [];
  const message = `No id comes to this rule: the first that fits counts, and "${earlier[first]!.idPrefix}" (rule ${first + 1}) fits every id that begins with "${idPrefix}". Move it up, or take it out.`;
  return [{ rule: 'home_shadowed', path: ['homes', 'rules', index, 'idPrefix'], message }];
}
