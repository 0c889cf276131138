import type { Json } from '@ringside/core';

import type { PlaceKind } from './settings.js';

const regions: readonly PlaceKind[] = ['tenant', 'replication', 'topic-replication'];
const actions: readonly PlaceKind[] = ['permission', 'topic-permission', 'grant'];

/** Whether settings of this kind are lists of regions, of which more is wider. */
export const isRegions = (kind: PlaceKind): boolean => regions.includes(kind);

/** Whether settings of this kind are lists of what a role may do. */
export const isActions = (kind: PlaceKind): boolean => actions.includes(kind);

/** Whether settings of this kind are lists without an order, of which more allows more. */
export const isSet = (kind: PlaceKind): boolean => isRegions(kind) || isActions(kind);

/** The order of keys does not count, nor that of lists: no setting has one whose order matters. */
export const sameValue = (a: Json, b: Json): boolean => canonical(a) === canonical(b);

function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonical).sort().join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{${fields
    .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner!)}`)
    .sort()
    .join(',')}}`;
}
