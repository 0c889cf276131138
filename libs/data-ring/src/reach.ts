import type { RingPolicy, ZonePolicy } from './policy.js';

type ZoneReach =
  { readonly kind: 'global' | 'regional' } | Pick<Extract<ZonePolicy, { readonly kind: 'cross-region' }>, 'kind' | 'routes'>;

/** Regions that may have what a region of origin puts into the zone: that region first, then the others in the ring's order. */
export function reachOf(zone: ZoneReach, origin: string, regions: readonly string[]): readonly string[] {
  if (zone.kind === 'regional') return [origin];
  const others = zone.kind === 'cross-region' ? (zone.routes[origin] ?? []) : regions;
  return [origin, ...regions.filter((region) => region !== origin && others.includes(region))];
}

/** Regions that may be promoted in the place of one, itself first. */
export const successorsIn = ({ regions }: Pick<RingPolicy, 'regions'>, region: string): readonly string[] => [
  region,
  ...(regions[region]?.successors ?? []),
];

/** Whether a region writes what is of an origin: it is that region, or may stand in for it. Without an origin everybody does. */
export const mayWrite = (policy: Pick<RingPolicy, 'regions'>, origin: string | undefined, region: string): boolean =>
  origin === undefined || successorsIn(policy, origin).includes(region);
