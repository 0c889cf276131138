import { partitionOf, type NewRecord, type Position, type StoredRecord } from '@ringside/event-log';

import type { World } from '../world/world.js';
import type { SubscriptionContent } from './subscription-content.js';

export interface TopicContent {
  readonly name: string;
  readonly partitions: readonly StoredRecord[][];
  readonly subscriptions: Map<string, SubscriptionContent>;
}

/** What the event log of one region has on its disks, and how it is at present. Nothing here takes time. */
export class LogContent {
  readonly topics = new Map<string, TopicContent>();
  /** Why nobody can reach it; undefined while they can. */
  away: string | undefined;

  constructor(
    readonly world: World,
    readonly region: string,
    /** Of each topic, whatever the contract says: so that a short run has several keys in each of several. */
    readonly partitions: number,
    /** Records of one append become durable together. */
    readonly atomicAppend: boolean,
  ) {}

  createTopic(name: string): void {
    if (this.topics.has(name)) return;
    const partitions = Array.from({ length: this.partitions }, () => []);
    this.topics.set(name, { name, partitions, subscriptions: new Map() });
  }

  partitionOf(key: string): number {
    return partitionOf(key, this.partitions);
  }

  add({ topic, key, id, bytes }: NewRecord): StoredRecord {
    const content = this.topics.get(topic)!;
    const partition = this.partitionOf(key);
    const records = content.partitions[partition]!;
    const position = positionAt(records.length);
    const record = { topic, key, id, bytes, partition, position, appendedAt: Math.floor(this.world.now) };
    records.push(record);
    for (const subscription of content.subscriptions.values()) subscription.wake(partition);
    return record;
  }
}

/** Positions of a partition are its records' numbers, from 1, as text that sorts. */
export const positionAt = (index: number): Position => String(index + 1).padStart(9, '0') as Position;

/** How many records of its partition come up to a position, itself included. */
export const countUpTo = (position: Position | string): number => Number(position);
