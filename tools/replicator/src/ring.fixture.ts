import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isoTime, naturalId, uuidv7 } from '@ringside/core';
import { placementOf, type RingPolicy } from '@ringside/data-ring';
import { openEmbeddedEventLog, type EmbeddedEventLog } from '@ringside/event-log-embedded';
import {
  caseNoted,
  createEvent,
  decodeEvent,
  reportEvidenceFiled,
  reportFiled,
  toRecord,
  type EventRecord,
  type RingsideEvent,
} from '@ringside/events';

const zone = {
  purpose: 'Tests.',
  legalGround: 'None is needed.',
  retention: { hours: null, lagHoursMax: 1, offloadBytes: null },
};

/** Three regions; the casework of eu goes to us, and ap's and us's stays at home. */
export const policy: RingPolicy = {
  tenant: 'ringside',
  regions: Object.fromEntries(['eu', 'us', 'ap'].map((name) => [name, { label: name, jurisdiction: name, successors: [] }])),
  zones: {
    global: { ...zone, kind: 'global' },
    casework: { ...zone, kind: 'cross-region', routes: { eu: ['us'] } },
    evidence: { ...zone, kind: 'regional' },
  },
  topics: {
    reports: { zone: 'global' },
    cases: { zone: 'casework' },
    'report-evidence': { zone: 'evidence' },
  },
  views: {},
  services: {},
  homes: {
    rules: ['eu', 'us', 'ap'].map((region) => ({ idPrefix: `${region}-`, region, ground: 'Tests.' })),
    otherwise: 'hash',
  },
  digest: '0'.repeat(64),
};

const origin = (region: string) => ({ region, source: 'report-intake', time: isoTime(Date.now()), id: uuidv7() });

export function reportIn(region: string, subjectId = 'eu-anna'): EventRecord {
  const given = origin(region);
  const data = {
    reportId: given.id,
    game: 'stormfall',
    reporterId: 'eu-ben',
    subjectId,
    subjectHomeRegion: subjectId.split('-', 1)[0]!,
    reason: 'aimbot',
    filedAt: given.time,
    hasEvidence: false,
  };
  return toRecord(createEvent(reportFiled, { ...given, data }));
}

export function evidenceIn(region: string): EventRecord {
  const given = origin(region);
  const { id: reportId, time: filedAt } = given;
  const data = { reportId, game: 'stormfall', subjectId: 'eu-anna', reason: 'aimbot', filedAt, description: 'Through a wall.' };
  return toRecord(createEvent(reportEvidenceFiled, { ...given, data }));
}

/** A step of a case, on the topic of its subject's home. */
export function noteIn(region: string, subjectId: string): EventRecord {
  const { id, ...given } = origin(region);
  const caseId = naturalId('case', 'cheating', 'stormfall', subjectId);
  const data = { caseId, team: 'cheating', game: 'stormfall', subjectId, caseVersion: 1, by: 'casey', text: 'Seen before.' };
  return placementOf(policy, region).recordOf(createEvent(caseNoted, { ...given, id, source: 'cheating-team', data }));
}

export interface Logs {
  readonly logs: Readonly<Record<string, EmbeddedEventLog>>;
  close(): Promise<void>;
}

/** Logs of regions on temporary directories. */
export async function openLogs(...regions: readonly string[]): Promise<Logs> {
  const directory = await mkdtemp(join(tmpdir(), 'ringside-replicator-'));
  const opened = await Promise.all(
    regions.map(async (region) => [region, await openEmbeddedEventLog({ directory: join(directory, region) })] as const),
  );
  return {
    logs: Object.fromEntries(opened),
    close: async () => {
      await Promise.all(opened.map(([, log]) => log.close()));
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export interface Lying {
  readonly id: string;
  readonly key: string;
  readonly partition: number;
  readonly event: RingsideEvent | undefined;
}

/** What lies on a topic, partition after partition; nothing where there is no such topic. */
export async function lyingOn(log: EmbeddedEventLog, topic: string): Promise<readonly Lying[]> {
  const partitions = (await log.topics()).find((one) => one.topic === topic)?.partitions ?? 0;
  const lying: Lying[] = [];
  for (let partition = 0; partition < partitions; partition++) {
    for await (const { id, key, bytes } of log.read({ topic, partition })) {
      const decoded = decodeEvent(bytes);
      lying.push({ id, key, partition, event: decoded.ok ? decoded.value : undefined });
    }
  }
  return lying;
}

export const idsOn = async (log: EmbeddedEventLog, topic: string): Promise<readonly string[]> =>
  (await lyingOn(log, topic)).map(({ id }) => id).sort();

/** Asks again until it holds, for at most 15 s. */
export async function until(awaited: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + 15_000;
  while (!(await holds())) {
    if (performance.now() > giveUpAt) throw new Error(`Waited 15 s in vain: ${awaited}.`);
    await pause(5);
  }
}
