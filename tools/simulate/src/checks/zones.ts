import type { Simulation } from '../run/simulation.js';
import type { Region } from '../services/region.js';
import { appealWords } from '../load/appeals.js';
import { writtenIn } from '../load/reports.js';
import type { Lying } from './logs.js';

/** Nothing is in a region where the policy does not let it be, neither as an event nor as words in anybody's rows. */
export function borders(simulation: Simulation, events: ReadonlyMap<Region, ReadonlyMap<string, readonly Lying[]>>): string[] {
  const faults: string[] = [];
  for (const region of simulation.regions) {
    const { name, placement, log, stores } = region;
    const held = new Set(placement.held.map((topic) => topic.name));
    for (const topic of log.topics.keys()) if (!held.has(topic)) faults.push(`The log of ${name} has the topic ${topic}.`);
    for (const [topic, lying] of events.get(region)!) {
      for (const { event } of lying) {
        const fault = placement.mayLieHere(topic, event);
        if (fault !== undefined) faults.push(`${event.type} ${event.id} lies on ${topic} in ${name}: ${fault.message}`);
      }
    }
    const others = simulation.regions.filter((one) => one !== region);
    const words = others.flatMap((other) => [writtenIn(other.name), appealWords(other.name)]);
    const leaked = words.filter((word) => isInLog(region, word) || [...stores.values()].some((store) => store.contains(word)));
    for (const word of leaked) faults.push(`${name} has "${word}".`);
  }
  return faults;
}

const isInLog = ({ log }: Region, word: string): boolean =>
  [...log.topics.values()].some(({ partitions }) => partitions.flat().some(({ bytes }) => Buffer.from(bytes).includes(word)));

/** Whatever may travel has arrived: events of a topic that two regions have are in the logs of both. */
export function arrived(simulation: Simulation, events: ReadonlyMap<Region, ReadonlyMap<string, readonly Lying[]>>): string[] {
  const faults: string[] = [];
  for (const from of simulation.regions) {
    for (const [topic, lying] of events.get(from)!) {
      const isRegional = from.placement.held.some((one) => one.name === topic && one.topic.zone === 'regional');
      for (const to of simulation.regions) {
        if (to === from || isRegional || !to.placement.held.some((one) => one.name === topic)) continue;
        const there = new Set(
          events
            .get(to)!
            .get(topic)!
            .map(({ event }) => event.id),
        );
        const missing = lying.find(({ event }) => event.region === from.name && !there.has(event.id));
        if (missing !== undefined)
          faults.push(`${missing.event.type} ${missing.event.id} is on ${topic} in ${from.name}, and not in ${to.name}.`);
      }
    }
  }
  return faults;
}
