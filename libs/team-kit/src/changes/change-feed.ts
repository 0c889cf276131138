import { setTimeout as pause } from 'node:timers/promises';
import type { CaseRules } from '@ringside/casework';
import type { Placement } from '@ringside/data-ring';
import type { EventLog, Position } from '@ringside/event-log';
import { casesTopic, reportsTopic } from '@ringside/events';

import { changeOf, type CaseChange } from './case-change.js';
import { sourceName, type Place } from './place.js';

/** How long the feed rests between two looks at the log, in ms; longer where a look takes long. */
const restMsMin = 200;
const restShareOfLook = 4;

/** What was missed is looked for among at most so many records; whoever missed more reads the lists anew. */
export const replayRecordsMax = 20_000;

/** Of the contract. */
const followedTopics = [casesTopic.topic, reportsTopic.topic];

/** A change, with how far somebody who has heard it has come. */
export interface PlacedChange {
  readonly change: CaseChange;
  readonly place: Place;
}

export type ChangeListener = (placed: PlacedChange) => void;

/**
 * Follows the log for as long as anybody listens, one reader for all of them, without a subscription: nothing is left behind in the
 * log by clients who come and go, and every process hears all partitions.
 */
export class ChangeFeed {
  /** Of the log. */
  private readonly topics: readonly string[];
  private readonly listeners = new Set<ChangeListener>();
  private following: { readonly place: Map<string, Position>; readonly stop: AbortController } | undefined;

  constructor(
    private readonly log: EventLog,
    private readonly rules: CaseRules,
    private readonly placement: Placement,
    private readonly onTrouble: (error: unknown) => void,
  ) {
    this.topics = followedTopics.flatMap((topic) => placement.heard(topic).map(({ name }) => name));
  }

  /** Hears every change from now on. Resolves with where "now" is. */
  async listen(listener: ChangeListener): Promise<Place> {
    for (;;) {
      const following = await this.follow();
      if (following !== this.following) continue; // the last one has left meanwhile
      this.listeners.add(listener);
      return new Map(following.place);
    }
  }

  leave(listener: ChangeListener): void {
    this.listeners.delete(listener);
    if (this.listeners.size === 0) this.stop();
  }

  stop(): void {
    this.following?.stop.abort();
    this.following = undefined;
  }

  /**
   * What happened between two places, in the order of each partition; false where that is too much, or where the first is no
   * place of this log. Changes are handed over one by one, so that a slow reader holds it up.
   */
  async replay(from: Place, to: Place, hand: (placed: PlacedChange) => Promise<void>): Promise<boolean> {
    const place = new Map(from);
    let records = 0;
    for (const [source, until] of to) {
      const after = from.get(source);
      if (after !== undefined && after >= until) continue;
      const [topic, partition] = partsOf(source);
      for await (const record of this.log.read({ topic, partition, ...(after === undefined ? {} : { after }) })) {
        if (record.position > until) break;
        records += 1;
        if (records > replayRecordsMax) return false;
        place.set(source, record.position);
        const change = changeOf(record, this.rules, this.placement);
        if (change !== undefined) await hand({ change, place: new Map(place) });
      }
    }
    return true;
  }

  private async follow(): Promise<{ readonly place: Map<string, Position> }> {
    if (this.following !== undefined) return this.following;
    const place = new Map<string, Position>();
    for (const [source, head] of await this.heads()) place.set(source, head);
    // Two may have come to listen at once: the first place is the one from which all is told.
    if (this.following !== undefined) return this.following;
    const stop = new AbortController();
    this.following = { place, stop };
    void this.run(place, stop.signal);
    return this.following;
  }

  private async run(place: Map<string, Position>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const since = performance.now();
      try {
        await this.look(place, signal);
      } catch (error) {
        if (!signal.aborted) this.onTrouble(error);
      }
      const restMs = Math.max(restMsMin, (performance.now() - since) * restShareOfLook);
      await pause(restMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  private async look(place: Map<string, Position>, signal: AbortSignal): Promise<void> {
    for (const [source, head] of await this.heads()) {
      const after = place.get(source);
      if (after !== undefined && after >= head) continue;
      const [topic, partition] = partsOf(source);
      for await (const record of this.log.read({ topic, partition, ...(after === undefined ? {} : { after }) })) {
        if (signal.aborted) return;
        place.set(source, record.position);
        const change = changeOf(record, this.rules, this.placement);
        if (change !== undefined) for (const listener of this.listeners) listener({ change, place: new Map(place) });
      }
    }
  }

  private async heads(): Promise<readonly (readonly [source: string, head: Position])[]> {
    const all = await Promise.all(this.topics.map(async (topic) => [topic, await this.log.heads(topic)] as const));
    return all.flatMap(([topic, heads]) =>
      heads.flatMap(({ partition, head }) => (head === null ? [] : [[sourceName(topic, partition), head] as const])),
    );
  }
}

const partsOf = (source: string): [topic: string, partition: number] => {
  const slash = source.lastIndexOf('/');
  return [source.slice(0, slash), Number(source.slice(slash + 1))];
};
