import type { Simulation } from '../run/simulation.js';
import type { Region } from '../services/region.js';
import type { StoreContent } from '../store/store-content.js';

interface Parked {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly position: string;
  readonly eventId: string;
  readonly reason: string;
}

const keepsWaiting = (reason: string): boolean => reason !== 'gap' && reason !== 'not_allowed';

export function parkedIn(store: StoreContent): readonly Parked[] {
  const rows = store.partitionsOf('parked_events_g1').flatMap((partition) => store.rowsOf('parked_events_g1', partition));
  return rows.map(({ value }) => value as unknown as Parked).filter(({ eventId }) => eventId !== undefined);
}

/**
 * Parked events lie in the order of their key, and whatever of that key came behind one that keeps others waiting waits too. What
 * was parked is what nobody can read: all else has gone through since.
 */
export function parkedInOrder(simulation: Simulation): string[] {
  const faults: string[] = [];
  for (const region of simulation.regions) {
    for (const [service, store] of region.stores) {
      const byKey = new Map<string, Parked[]>();
      for (const one of parkedIn(store)) {
        const name = `${one.topic}/${one.partition}/${one.key}`;
        byKey.set(name, [...(byKey.get(name) ?? []), one]);
      }
      for (const [name, parked] of byKey) {
        const positions = parked.map(({ position }) => position);
        if (positions.some((position, i) => i > 0 && position <= positions[i - 1]!)) {
          faults.push(`${store.name}: parked events of ${name} are in the order ${positions.join(', ')}.`);
        }
        const first = parked.findIndex(({ reason }) => keepsWaiting(reason));
        if (first !== -1) faults.push(...notWaiting(region, service, parked.slice(first)));
        const strange = parked
          .filter(({ eventId }) => !eventId.startsWith('poison-'))
          .find(({ reason }) => reason !== 'behind');
        if (strange !== undefined) faults.push(`${store.name}: ${strange.eventId} of ${name} is parked as ${strange.reason}.`);
      }
    }
  }
  return faults;
}

/** Events of the key behind its first parked one that are not parked. */
function notWaiting({ log, name }: Region, service: string, parked: readonly Parked[]): string[] {
  const { topic, partition, key, position } = parked[0]!;
  const waiting = new Set(parked.map((one) => one.position));
  const behind = log.topics
    .get(topic)!
    .partitions[partition]!.filter((record) => record.key === key && record.position > position);
  const through = behind.find((record) => !waiting.has(record.position));
  return through === undefined
    ? []
    : [`${service} in ${name} has taken ${through.id} of ${key}, though ${parked[0]!.eventId} is parked in front of it.`];
}
