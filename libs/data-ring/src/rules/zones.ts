import { durationText, sizeText } from '../parse/amounts.js';
import type { Draft } from '../parse/draft.js';
import type { Found, Path } from '../parse/policy-fault.js';
import type { PolicyShape } from '../parse/policy-shape.js';
import { faultsOfNames, unknownIn } from './references.js';

type Zone = PolicyShape['zones'][string];

/** Less makes a segment of every few records; more would never be reached, and the disks fill. */
const offloadBytes = { min: 100e6, max: 100e12 };

export const zonesRule = (draft: Draft): readonly Found[] =>
  [...draft.zones].flatMap(([name, zone]) => [
    ...(zone.kind === 'cross-region' ? routeFaults(draft, zone.routes, ['zones', name, 'routes']) : []),
    ...retentionFaults(zone.retention, viewsBuiltFrom(draft, name), ['zones', name, 'retention']),
  ]);

function routeFaults(draft: Draft, routes: Readonly<Record<string, readonly string[]>>, path: Path): readonly Found[] {
  if (Object.values(routes).every((to) => to.length === 0)) {
    const message = 'No route leads anywhere, so nothing would leave its region: name the regions, or make the zone regional.';
    return [{ rule: 'no_route', path, message, atKey: true }];
  }
  return Object.entries(routes).flatMap(([origin, to]) => [
    ...unknownIn(draft, 'regions', origin, [...path, origin]).map((fault) => ({ ...fault, atKey: true })),
    ...faultsOfNames(draft, 'regions', to, [...path, origin]),
    ...to.flatMap((region, index): readonly Found[] => {
      const message = `What "${origin}" writes is in "${origin}" anyway: a route to itself says nothing, so take it out.`;
      return region === origin ? [{ rule: 'route_to_itself', path: [...path, origin, index], message }] : [];
    }),
  ]);
}

/** Views that could not be made again without the records of the zone. */
function viewsBuiltFrom({ views, topics }: Draft, zone: string): readonly string[] {
  return [...views].filter(([, { from }]) => from.some((topic) => topics.get(topic)?.zone === zone)).map(([name]) => name);
}

function retentionFaults(retention: Zone['retention'], views: readonly string[], path: Path): readonly Found[] {
  const { keep, lagMax, offloadAfter, messageTtl } = retention;
  const found: Found[] = [];
  const builtFrom = `${someOf(views)} ${views.length === 1 ? 'is' : 'are'} built from it`;
  if (keep !== null && keep < lagMax) {
    const message = `Records are kept for ${durationText(keep)}, and a subscriber may be ${durationText(lagMax)} behind: it would lose what it has not read. Keep them for longer than lagMax.`;
    found.push({ rule: 'retention_below_lag', path: [...path, 'keep'], message });
  }
  if (keep !== null && views.length > 0) {
    const message = `Records are gone after ${durationText(keep)}, and ${builtFrom}: a rebuild would lose what is older. Keep them forever, and offload what is old.`;
    found.push({ rule: 'retention_of_views', path: [...path, 'keep'], message });
  }
  if (messageTtl !== undefined && views.length > 0) {
    const message = `After ${durationText(messageTtl)} what nobody has read would count as read, and ${builtFrom}: they would lack it and nobody would know. Take it out.`;
    found.push({ rule: 'ttl_of_views', path: [...path, 'messageTtl'], message });
  }
  if (messageTtl !== undefined && messageTtl < lagMax) {
    const message = `After ${durationText(messageTtl)} what nobody has read would count as read, and a subscriber may be ${durationText(lagMax)} behind. Make it longer than lagMax.`;
    found.push({ rule: 'ttl_below_lag', path: [...path, 'messageTtl'], message });
  }
  if (typeof offloadAfter === 'number' && (offloadAfter < offloadBytes.min || offloadAfter > offloadBytes.max)) {
    const message = `${sizeText(offloadAfter)} for each partition is ${offloadAfter < offloadBytes.min ? 'so little that every few records would be an object in the cheaper storage' : 'more than a disk has, so nothing would ever be offloaded'}: choose ${sizeText(offloadBytes.min)} to ${sizeText(offloadBytes.max)}, or never.`;
    found.push({ rule: 'offload', path: [...path, 'offloadAfter'], message });
  }
  return found;
}

function someOf(names: readonly string[]): string {
  const quoted = names.map((name) => `"${name}"`);
  if (names.length <= 3) return quoted.join(', ');
  return `${quoted.slice(0, 3).join(', ')} and ${names.length - 3} more views`;
}
