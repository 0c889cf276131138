import { CodedError, isoTime, uuidv7, type Clock } from '@ringside/core';
import { textOfValue, type Difference } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';
import {
  createEvent,
  decodeEvent,
  ringDifferencesMax,
  ringOperated,
  ringTopic,
  toRecord,
  type RingOperated,
} from '@ringside/events';

/** A region's event log, as far as the record of runs needs it. */
export interface RecordLog {
  readonly region: string;
  readonly log: Pick<EventLog, 'append' | 'read'>;
}

export interface RunOfRegion {
  readonly operation: RingOperated['data']['operation'];
  readonly about: string;
  readonly by: string;
  readonly startedAt: string;
  readonly policy: string;
  readonly outcome: RingOperated['data']['outcome'];
  readonly differences: readonly Difference[];
  readonly detail?: string | undefined;
}

/** The service that owns the ring, on whose behalf its configuration is looked at and changed. */
const source = 'platform';

/**
 * Appends a run to the record: to the log of the region that it is about, else to the first that takes it, from where it is
 * replicated. Resolves with the reason where none takes it.
 */
export async function record(logs: readonly RecordLog[], run: RunOfRegion, clock: Clock): Promise<string | undefined> {
  const ordered = [...logs].sort((a, b) => Number(b.region === run.about) - Number(a.region === run.about));
  let reason = 'no event log is known';
  for (const { region, log } of ordered) {
    try {
      await log.append([toRecord(eventOf(run, region, clock))]);
      return undefined;
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      reason = error.message;
    }
  }
  return `The run is not in the record of ${run.about}: ${reason}`;
}

function eventOf({ differences, detail, ...run }: RunOfRegion, region: string, clock: Clock): RingOperated {
  return createEvent(ringOperated, {
    time: isoTime(clock()),
    region,
    source,
    data: {
      ...run,
      runId: uuidv7(clock()),
      differences: differences.slice(0, ringDifferencesMax).map(({ at, rule, place, wanted, live }) => ({
        at: oneLine(at, 512),
        rule: oneLine(rule, 256),
        wanted: oneLine(textOfValue(place, wanted), 1_024),
        live: oneLine(textOfValue(place, live), 1_024),
      })),
      differenceCount: differences.length,
      ...(detail !== undefined && { detail: oneLine(detail, 1_024) }),
    },
  });
}

const oneLine = (text: string, charactersMax: number): string => text.replace(/[\p{Cc}\p{Cs}]+/gu, ' ').slice(0, charactersMax);

/** The record as the first region that can be read has it, newest first. */
export async function readRecord(logs: readonly RecordLog[], limit: number): Promise<readonly RingOperated[]> {
  let unavailable: CodedError | undefined;
  for (const { log } of logs) {
    try {
      const newest = newestOf(limit);
      for await (const { bytes } of log.read({ topic: ringTopic.topic, partition: 0 })) {
        const event = decodeEvent(bytes);
        if (event.ok && event.value.type === ringOperated.type) newest.add(event.value);
      }
      return newest.list();
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      // A ring that nothing was applied to has no record.
      if (error.code !== 'unknown_topic') unavailable = error;
    }
  }
  if (unavailable !== undefined) throw unavailable;
  return [];
}

/** The newest of all that are added, without keeping the others: the record grows for as long as there is a ring. */
function newestOf(limit: number) {
  let runs: RingOperated[] = [];
  const list = (): readonly RingOperated[] => (runs = runs.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit));
  return {
    add: (run: RingOperated): void => {
      runs.push(run);
      if (runs.length >= 2 * limit + 100) list();
    },
    list,
  };
}
