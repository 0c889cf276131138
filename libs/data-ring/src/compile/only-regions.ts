import type { RingPolicy, ZonePolicy } from '../policy.js';

/**
 * The policy as if it had these regions alone: for a part of a ring, such as two regions of three on one machine. Homes of players
 * are left as they are, as this is for setting servers up and not for services. Throws `RangeError` for a region that it does not have.
 */
export function onlyRegions(policy: RingPolicy, names: readonly string[]): RingPolicy {
  const unknown = names.find((name) => !Object.hasOwn(policy.regions, name));
  if (unknown !== undefined || names.length === 0) {
    const known = Object.keys(policy.regions).join(', ');
    throw new RangeError(`The policy has no region "${unknown ?? ''}": it has ${known}.`);
  }
  const isLeft = (name: string): boolean => names.includes(name);
  return {
    ...policy,
    regions: Object.fromEntries(
      Object.entries(policy.regions)
        .filter(([name]) => isLeft(name))
        .map(([name, region]) => [name, { ...region, successors: region.successors.filter(isLeft) }]),
    ),
    zones: Object.fromEntries(Object.entries(policy.zones).map(([name, zone]) => [name, zoneWith(zone, isLeft)])),
  };
}

function zoneWith(zone: ZonePolicy, isLeft: (region: string) => boolean): ZonePolicy {
  if (zone.kind !== 'cross-region') return zone;
  const routes = Object.entries(zone.routes)
    .filter(([origin]) => isLeft(origin))
    .map(([origin, others]) => [origin, others.filter(isLeft)]);
  return { ...zone, routes: Object.fromEntries(routes) as Readonly<Record<string, readonly string[]>> };
}
