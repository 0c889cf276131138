import { casesTopic } from '@ringside/events';

import type { Draft } from '../parse/draft.js';
import type { Found, Path } from '../parse/policy-fault.js';
import { reachOf } from '../reach.js';
import { faultsOfNames } from './references.js';

/** A term of casework and a hash of an id are small for so many, and nobody runs more. */
export const regionsMax = 32;

/** A ring without regions; and successors that could not work a region's cases, for they do not have them. */
export function regionsRule(draft: Draft): readonly Found[] {
  const names = draft.namesOf('regions');
  const count = names?.length ?? 1;
  const amount: readonly Found[] =
    count > 0 && count <= regionsMax
      ? []
      : [{ rule: 'shape', path: ['regions'], message: `A ring has 1 to ${regionsMax} regions, and this has ${count}.` }];
  return [
    ...amount,
    ...[...draft.regions].flatMap(([region, { successors }]) => {
      const path = ['regions', region, 'successors'];
      return [
        ...faultsOfNames(draft, 'regions', successors, path),
        ...successors.flatMap((successor, index) => successorFaults(draft, region, successor, [...path, index])),
      ];
    }),
  ];
}

function successorFaults(draft: Draft, region: string, successor: string, path: Path): readonly Found[] {
  if (successor === region) {
    const message = `"${region}" cannot stand in for itself while it is away: name others, or none.`;
    return [{ rule: 'successor', path, message }];
  }
  const regions = draft.namesOf('regions') ?? [];
  const zoneName = draft.topics.get(casesTopic.topic)?.zone;
  const zone = zoneName === undefined ? undefined : draft.zones.get(zoneName);
  if (zone === undefined || !regions.includes(successor) || reachOf(zone, region, regions).includes(successor)) return [];
  const where =
    zone.kind === 'cross-region'
      ? `add it to zones.${zoneName}.routes.${region}, if the law allows it, or name another`
      : `the zone "${zoneName}" is ${zone.kind}, so no region has a successor`;
  const message = `"${successor}" does not have the casework of "${region}", so it could not work its cases: ${where}.`;
  return [{ rule: 'successor', path, message }];
}
