import type { RingsideEvent } from '@ringside/events';

import type { Simulation } from '../run/simulation.js';
import type { Region } from '../services/region.js';
import type { StoreContent } from '../store/store-content.js';
import { firstOf, type Lying } from './logs.js';

type Step = Extract<RingsideEvent, { data: { caseVersion: number; by: unknown } }>;

const isStep = (event: RingsideEvent): event is Step => 'caseVersion' in event.data && 'by' in event.data;

/**
 * What was published is what the streams have: every step is on the log, in the order of its stream, and nothing else is; and the
 * versions of each case rise, one by one in its stream.
 */
export function published(
  simulation: Simulation,
  events: ReadonlyMap<Region, ReadonlyMap<string, readonly Lying[]>>,
): string[] {
  const faults: string[] = [];
  for (const region of simulation.regions) {
    const onLog = stepsOn(events.get(region)!, region.name);
    const inStreams = new Set<string>();
    for (const { service } of simulation.scenario.teams) {
      const store = region.storeOf(service);
      for (const [name, { events: stored, version }] of store.streams) {
        for (const { id } of stored) inStreams.add(id);
        if (version !== stored.length)
          faults.push(`${store.name}: ${name} has version ${version} and ${stored.length} events.`);
        const caseId = name.slice('case-'.length);
        const ids = stored.map(({ id }) => id);
        const there = (onLog.get(caseId) ?? []).map(({ id }) => id);
        if (ids.join() !== there.join()) {
          faults.push(
            `${store.name}: ${name} has the events ${ids.join(', ')}, and the log has ${there.join(', ') || 'none'}.`,
          );
        }
      }
    }
    for (const [caseId, steps] of onLog) {
      const unknown = steps.find(({ id }) => !inStreams.has(id));
      if (unknown !== undefined)
        faults.push(`The log of ${region.name} has ${unknown.type} of the case ${caseId}, which no stream has.`);
      steps.forEach(({ data }, i) => {
        if (data.caseVersion !== i + 1)
          faults.push(`Step ${i + 1} of the case ${caseId} on the log of ${region.name} has version ${data.caseVersion}.`);
      });
    }
  }
  return faults;
}

/** The steps that a region's services published, by case, in the order in which they lie first. */
function stepsOn(topics: ReadonlyMap<string, readonly Lying[]>, region: string): ReadonlyMap<string, readonly Step[]> {
  const steps = new Map<string, Step[]>();
  for (const [topic, lying] of topics) {
    if (topic.split('.')[0] !== 'cases') continue;
    for (const { event } of firstOf(lying)) {
      if (!isStep(event) || event.region !== region) continue;
      const { caseId } = event.data as { readonly caseId: string };
      steps.set(caseId, [...(steps.get(caseId) ?? []), event]);
    }
  }
  return steps;
}

/** A command that was answered as taken is in its case's stream, once under its key. */
export function commandsAreKept(simulation: Simulation, taken: readonly TakenKey[]): string[] {
  return taken.flatMap(({ region, service, caseId, key, kind }) => {
    const store: StoreContent = simulation.regions.find(({ name }) => name === region)!.storeOf(service);
    const stream = store.streams.get(`case-${caseId}`);
    const isKept = stream?.commands.has(`key/${key}`) === true;
    return isKept
      ? []
      : [`${kind} (${key}) on ${caseId} was answered as done by ${service} in ${region}, and its stream does not have it.`];
  });
}

interface TakenKey {
  readonly region: string;
  readonly service: string;
  readonly caseId: string;
  readonly key: string;
  readonly kind: string;
}
