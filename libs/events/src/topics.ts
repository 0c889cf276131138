/**
 * How far an event may travel: *global* goes to every region, *cross-region* to selected ones while the original stays,
 * *regional* never leaves the region where it was written.
 */
export type Zone = 'global' | 'cross-region' | 'regional';

export interface Topic {
  readonly topic: string;
  readonly zone: Zone;
  /** Fixed for the topic's life: another number would move keys to other partitions and break their order. */
  readonly partitions: number;
}

/**
 * Eight partitions: the most instances of one team's service that can share a topic, since each partition has one active
 * consumer. One partition carries thousands of events a second, a very large game files a hundred, so eight are for
 * spreading the work and not for the rate; and every partition costs each idle subscription a little.
 */
export const topicPartitions = 8;

/** Reports as facts about opaque ids, for every team in every region. */
export const reportsTopic = { topic: 'reports', zone: 'global', partitions: topicPartitions } as const satisfies Topic;

/** What players wrote and attached, for the teams of the region where it was filed. */
export const reportEvidenceTopic = {
  topic: 'report-evidence',
  zone: 'regional',
  partitions: topicPartitions,
} as const satisfies Topic;

/** What case workers do with cases, in full: with their notes and the facts of their decisions. Keyed by case. */
export const casesTopic = { topic: 'cases', zone: 'cross-region', partitions: topicPartitions } as const satisfies Topic;

/** What was imposed on players and taken back, for game servers and for every team. Keyed by player. */
export const sanctionsTopic = { topic: 'sanctions', zone: 'global', partitions: topicPartitions } as const satisfies Topic;

/** How far what a player reports is believed. Keyed by reporter. */
export const reportersTopic = { topic: 'reporters', zone: 'global', partitions: topicPartitions } as const satisfies Topic;

/** Objections of players to decisions about them, in their own words. Keyed by player. */
export const appealsTopic = { topic: 'appeals', zone: 'regional', partitions: topicPartitions } as const satisfies Topic;

/** What becomes of the ring itself: which region works whose cases, and who looked at its configuration or changed it. Keyed by region. */
export const ringTopic = { topic: 'ring', zone: 'global', partitions: 1 } as const satisfies Topic;

/** All topics of the contract. A service creates those that it uses when it starts. */
export const topics: readonly Topic[] = [
  reportsTopic,
  reportEvidenceTopic,
  casesTopic,
  sanctionsTopic,
  reportersTopic,
  appealsTopic,
  ringTopic,
];
