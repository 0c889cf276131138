import type { ZonePolicy } from './policy.js';

type ZoneReach =
  { readonly kind: 'global' | 'regional' } | Pick<Extract<ZonePolicy, { readonly kind: 'cross-region' }>, 'kind' | 'routes'>;

/** Regions that may have what a region of origin puts into the zone: that region first, then the others in the ring's order. */
export function reachOf(zone: ZoneReach, origin: string, regions: readonly string[]): readonly string[] {
  if (zone.kind === 'regional') return [origin];
  const others = zone.kind === 'cross-region' ? (zone.routes[origin] ?? []) : regions;
  return [origin, ...regions.filter((region) => region !== origin && others.includes(region))];
}
