import { isoTime, uuidv7 } from '@ringside/core';
import type { EventLog, NewRecord } from '@ringside/event-log';
import { createEvent, keyOf, reportFiled, reportsTopic, toRecord, topicOf, type ReportFiled } from '@ringside/events';
import { randomOf } from '@ringside/random';

export interface FillOptions {
  readonly seed: number;
  readonly reports: number;
  readonly reasons: readonly string[];
  /** How many were filed in a second of the history that is made up: 100 where absent. */
  readonly perSecond?: number;
  /** The number of the first one, where the log has others of the same history: 0 where absent. */
  readonly from?: number;
  /** Of the whole history, also where only a part of it is filled: `reports` where absent. */
  readonly subjectsOf?: number;
}

/** Reports of one append: the embedded log writes so many in one transaction. */
const appendRecordsMax = 4_096;

const beginsAt = Date.UTC(2026, 0, 31, 12);

/**
 * Reports for loads that would not fit into memory: about seven on each subject in the mean, few subjects with thousands, and reporters
 * who file a few each. The same numbers give the same reports, apart from the ids of their events.
 */
export function* reportsOf(options: FillOptions): Generator<ReportFiled> {
  const { seed, reports, reasons, perSecond = 100, from = 0, subjectsOf = reports } = options;
  const random = randomOf(seed + from);
  const subjects = Math.max(1, Math.round(subjectsOf / 7));
  const reporters = Math.max(1, Math.round(subjectsOf / 3));
  for (let i = from; i < from + reports; i++) {
    const filedAt = isoTime(beginsAt + Math.floor((i * 1_000) / perSecond));
    const data: ReportFiled['data'] = {
      reportId: `bench-report-${seed}-${i}`,
      game: random.chance(0.7) ? 'stormfall' : 'kickoff',
      reporterId: `bench-reporter-${random.below(reporters)}`,
      subjectId: `bench-subject-${Math.floor(subjects * random.next() ** 2)}`,
      subjectHomeRegion: 'local',
      reason: random.pick(reasons),
      matchId: `bench-match-${Math.floor(i / 3)}`,
      occurredAt: filedAt,
      filedAt,
      hasEvidence: false,
    };
    const id = uuidv7(Date.parse(filedAt));
    yield createEvent(reportFiled, { data, id, time: filedAt, region: 'local', source: 'report-intake' });
  }
}

/**
 * Fills the topic of the reports, some 10 µs of CPU a report; memory stays bounded. Every event is of the contract, as the first of
 * each append is validated and all others are made in the same way.
 */
export async function fillLog(log: EventLog, options: FillOptions): Promise<void> {
  await log.createTopic(reportsTopic.topic, reportsTopic);
  let records: NewRecord[] = [];
  let under: Promise<unknown> = Promise.resolve();
  for (const event of reportsOf(options)) {
    records.push(records.length === 0 ? toRecord(event) : unvalidated(event));
    if (records.length < appendRecordsMax) continue;
    await under;
    under = log.append(records); // the next ones are made meanwhile
    records = [];
  }
  await under;
  await log.append(records);
}

const unvalidated = (event: ReportFiled): NewRecord => ({
  topic: topicOf(event),
  key: keyOf(event),
  id: event.id,
  bytes: Buffer.from(JSON.stringify(event)),
});
