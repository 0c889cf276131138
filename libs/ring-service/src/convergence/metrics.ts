import type { Clock } from '@ringside/core';
import { servingOf, servingRow, type Placement } from '@ringside/data-ring';
import { Counter, Gauge, type Registry } from 'prom-client';

import { sharedTopics } from '../holdings/holdings.js';
import { figuresOf, type HeldViews, type TopicFigures } from '../holdings/held.js';
import type { PeerRound, PeerState, TopicState } from './standings.js';

export interface RingFigures {
  /** Undefined until the views are there. */
  readonly views: () => HeldViews | undefined;
  readonly states: () => readonly PeerState[];
  readonly placement: Placement;
  readonly clock: Clock;
}

interface Shown<Figures> {
  readonly name: string;
  readonly help: string;
  readonly figureOf: (figures: Figures) => number;
}

/** Shows what the region holds and lacks. Returns what counts its rounds with peers. */
export function ringMetrics(registry: Registry, figures: RingFigures): (round: PeerRound) => void {
  showHeld(registry, figures);
  showCompared(registry, figures);
  showTerms(registry, figures);
  const registers = [registry];
  const repaired = new Counter({
    name: 'ringside_ring_events_repaired_total',
    help: 'Events that were missing here and were fetched from a peer.',
    labelNames: ['peer', 'topic'],
    registers,
  });
  const refused = new Counter({
    name: 'ringside_ring_events_refused_total',
    help: 'Events that a peer sent and that were not taken, by reason.',
    labelNames: ['peer', 'reason'],
    registers,
  });
  return ({ region: peer, restored, refused: refusals }) => {
    for (const [topic, ids] of restored) repaired.inc({ peer, topic }, ids.length);
    for (const { reason } of refusals) refused.inc({ peer, reason });
  };
}

function showHeld(registry: Registry, { views, placement }: RingFigures): void {
  const shared = sharedTopics(placement);
  let reading: Promise<readonly TopicFigures[]> | undefined;
  /** Once for all gauges of one scrape. While the store is away the last figures stand. */
  const read = (): Promise<readonly TopicFigures[]> => {
    const now = views();
    if (now === undefined) return Promise.resolve([]);
    return (reading ??= Promise.all(shared.map(({ name }) => figuresOf(now, name)))
      .catch(() => [])
      .finally(() => (reading = undefined)));
  };
  const show = ({ name, help, figureOf }: Shown<TopicFigures>): Gauge =>
    new Gauge({
      ...{ name, help, labelNames: ['topic'], registers: [registry] },
      async collect() {
        for (const held of await read()) this.set({ topic: held.topic }, figureOf(held));
      },
    });
  show({
    name: 'ringside_ring_events_held',
    help: 'Different events that the log of this region has, of a topic that regions share.',
    figureOf: ({ events }) => events,
  });
  show({
    name: 'ringside_ring_events_doubled',
    help: 'Copies of these that the log has besides.',
    figureOf: ({ doubled }) => doubled,
  });
  show({
    name: 'ringside_ring_events_conflicting',
    help: 'Of these copies, those with other bytes under the same id.',
    figureOf: ({ conflicting }) => conflicting,
  });
}

function showCompared(registry: Registry, { states, clock }: RingFigures): void {
  const registers = [registry];
  const startedAt = clock();
  const show = ({ name, help, figureOf }: Shown<TopicState>): Gauge =>
    new Gauge({
      ...{ name, help, labelNames: ['peer', 'topic'], registers },
      collect() {
        for (const { region: peer, topics } of states()) {
          for (const topic of topics) this.set({ peer, topic: topic.topic }, figureOf(topic));
        }
      },
    });
  show({
    name: 'ringside_ring_buckets_differing',
    help: 'Hours of a range of keys in which this region and a peer do not hold the same, when last compared.',
    figureOf: ({ differingBuckets }) => differingBuckets.length,
  });
  show({
    name: 'ringside_ring_events_missing_here',
    help: 'Events that a peer held and this region did not, when last compared.',
    figureOf: ({ missingHere }) => missingHere.length,
  });
  show({
    name: 'ringside_ring_events_missing_there',
    help: 'Events that this region held and a peer did not, when last compared.',
    figureOf: ({ missingThere }) => missingThere,
  });
  show({
    name: 'ringside_ring_events_on_their_way',
    help: 'Events that one of the two had taken lately and the other one did not have, when last compared.',
    figureOf: ({ onTheirWay }) => onTheirWay,
  });
  show({
    name: 'ringside_ring_conflicts',
    help: 'Ids under which this region and a peer had different bytes, when last compared.',
    figureOf: ({ conflictCount }) => conflictCount,
  });
  new Gauge({
    name: 'ringside_ring_comparison_age_seconds',
    help: 'Since all topics were last compared with a peer; since the start where they never were.',
    labelNames: ['peer'],
    registers,
    collect() {
      for (const { region: peer, comparedAt = startedAt } of states()) {
        this.set({ peer }, Math.max(0, (clock() - comparedAt) / 1_000));
      }
    },
  });
}

function showTerms(registry: Registry, { views, placement }: RingFigures): void {
  new Gauge({
    name: 'ringside_ring_term',
    help: 'Term in which the cases of a home are worked: how often another region, or itself again, was promoted.',
    labelNames: ['home', 'served_by'],
    registers: [registry],
    async collect() {
      const now = views();
      if (now === undefined) return;
      const { regions } = placement;
      const rows = await now.getMany(regions.map(servingRow)).catch(() => undefined);
      if (rows === undefined) return;
      this.reset(); // one series for each home
      for (const [i, home] of regions.entries()) {
        const { servedBy, term } = servingOf(home, rows[i]?.value);
        this.set({ home, served_by: servedBy }, term);
      }
    },
  });
}
