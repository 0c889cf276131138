import { UnavailableError, type JsonObject } from '@ringside/core';
import { compileCql, compilePulsar, type RingPolicy, type Setting, type Step, textOfPlace } from '@ringside/data-ring';

import type { RegionAdmin, Unenforced } from './region-admin.js';

export interface MemoryRing {
  /** For each region an event log and a view store. */
  readonly admins: readonly RegionAdmin[];
  /** What is set, as one text for each setting. */
  state(): readonly string[];
  /** Sets something by hand. */
  set(region: string, setting: Setting): void;
  /** Told before each step, which waits for it; what it throws the step throws, and nothing is done. */
  beforeStep: (step: Step) => void | Promise<void>;
  /** Told after each step, which is done. */
  afterStep: (step: Step) => void;
  readonly away: Set<string>;
  readonly unenforced: Unenforced[];
}

const ofViewStore: readonly string[] = ['keyspace', 'role', 'role-member', 'grant'];

/** Servers that are what they are told, and remember it. */
export function memoryRing(policy: RingPolicy, regions: readonly string[] = Object.keys(policy.regions)): MemoryRing {
  const live = new Map(regions.map((region) => [region, new Map<string, Setting>()]));
  const put = (region: string, setting: Setting): void => void live.get(region)!.set(textOfPlace(setting.place), setting);
  const address = { serviceUrl: 'http://broker', brokerServiceUrl: 'pulsar://broker' };
  const addresses = Object.fromEntries(regions.map((region) => [region, address]));

  function change({ region, place, to }: Step): void {
    if (place.kind === 'namespace' && to !== undefined) {
      const { namespace } = place;
      put(region, { place, value: true });
      put(region, { place: { kind: 'replication', namespace }, value: [region] });
      for (const [name, value] of Object.entries(to as JsonObject)) {
        put(region, { place: { kind: 'policy', namespace, policy: name }, value: value! });
      }
    } else if (place.kind === 'namespace') {
      const settings = live.get(region)!;
      for (const [at, one] of settings) {
        if ('namespace' in one.place && one.place.namespace === place.namespace) settings.delete(at);
      }
    } else if (to === undefined) live.get(region)!.delete(textOfPlace(place));
    else put(region, { place, value: to });
  }

  const ring: MemoryRing = {
    admins: regions.flatMap((region) =>
      (['event-log', 'view-store'] as const).map((part): RegionAdmin => {
        return {
          region,
          part,
          wanted:
            part === 'event-log'
              ? compilePulsar(policy, region, addresses)
              : compileCql(policy, region, { datacenter: region, replication: 3 }),
          readLive: async () => {
            if (ring.away.has(region)) throw new UnavailableError(part, `Nobody is at home in ${region}.`);
            const settings = [...live.get(region)!.values()].filter(
              ({ place }) => ofViewStore.includes(place.kind) === (part === 'view-store'),
            );
            return { settings, unenforced: part === 'event-log' ? ring.unenforced : [] };
          },
          take: async (step) => {
            await ring.beforeStep(step);
            change(step);
            ring.afterStep(step);
          },
          close: async () => undefined,
        };
      }),
    ),
    state: () =>
      [...live].flatMap(([region, settings]) =>
        [...settings.values()].map(({ place, value }) => `${region} ${textOfPlace(place)}: ${JSON.stringify(value)}`).sort(),
      ),
    set: put,
    beforeStep: () => undefined,
    afterStep: () => undefined,
    away: new Set(),
    unenforced: [],
  };
  return ring;
}
