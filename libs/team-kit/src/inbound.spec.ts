import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { caseIdOf, caseTables } from '@ringside/casework';
import { placementOf } from '@ringside/data-ring';
import type { NewRecord } from '@ringside/event-log';
import { caseNoted, createEvent, regionPromoted, type RingsideEvent } from '@ringside/events';
import { createLogger, readConfig } from '@ringside/platform';
import { aReport, openTestDrivers, progressed, theRing, type TestDrivers } from '@ringside/testing';
import { Registry } from 'prom-client';

import { rules, workingTeam } from './casework/working-team.fixture.js';
import { pageOfParked } from './parking.js';
import { placed } from './placed-subscriber.js';
import { SubscriberRuntime } from './runtime.js';
import { subscriberOf } from './team.js';

const placement = placementOf(theRing(), 'eu');

let drivers: TestDrivers;
let runtime: SubscriberRuntime;

beforeEach(async () => {
  drivers = await openTestDrivers();
  const subscriber = placed({ ...subscriberOf(workingTeam), name: 'cheating-team', reactions: [] }, placement);
  const logger = createLogger('test', { ...readConfig({}, { port: 0 }), logLevel: 'silent' });
  const viewStore = await drivers.store('cheating-team');
  runtime = await SubscriberRuntime.start(subscriber, { eventLog: drivers.log, viewStore, metrics: new Registry(), logger });
});
afterEach(async () => {
  runtime.stop();
  await drivers.close();
});

/** Appends as a replicator does, which no guard looks at, and processes what came. Answers what was parked, and of which cases there are. */
async function after(...records: readonly NewRecord[]) {
  const stored = await drivers.log.append(records);
  const [{ topic, partition }] = stored as [(typeof stored)[number]];
  await runtime.process(stored.map((record) => ({ ...record, assignment: 1 })));
  const parked = await pageOfParked(runtime.views, { topic, partition }, { limit: 100 });
  const cases: string[] = [];
  for await (const { value } of runtime.views.scan(caseTables.playerCases)) cases.push(String(value['caseId']));
  return { parked: parked.map(({ reason, detail }) => [reason, detail]), cases };
}

const anna = { subjectId: 'eu-anna', subjectHomeRegion: 'eu' };
const from = (region: string, event: RingsideEvent): RingsideEvent => ({ ...event, region });
const genuine = placement.recordOf(from('us', aReport({ ...anna, reporterId: 'genuine' })));

/** The bytes of an event with something else in it: what somebody writes who does not go by this code. */
const forged = (event: RingsideEvent, different: object): NewRecord => {
  const record = placement.recordOf(event);
  return { ...record, bytes: Buffer.from(JSON.stringify({ ...event, ...different })) };
};

const report = from('us', aReport(anna));
const caseOf = (subjectId: string) => ({ team: rules.team, game: 'stormfall', subjectId });
const ofAnna = caseOf('eu-anna');

const cases: readonly (readonly [what: string, record: NewRecord, why: RegExp])[] = [
  ['a region that is none', forged(report, { region: 'moon' }), /region "moon"/],
  ['another zone', forged(report, { zone: 'regional' }), /zone/],
  [
    'another home of the player',
    forged(report, { data: { ...report.data, subjectHomeRegion: 'ap' } }),
    /home is ap, and it is eu/,
  ],
  [
    'a standing of a case that another region works',
    placement.recordOf(from('ap', progressed(ofAnna, { homeRegion: 'eu' }))),
    /is for eu to say/,
  ],
  ['another id than its record', { ...genuine, id: 'another' }, /another id/],
  ['no event', { ...genuine, id: 'garbage', bytes: Buffer.from('{"type":') }, /not JSON/],
  ['no version of an event', forged(report, { data: { reportId: 'x' } }), /ReportFiled/],
];

describe('what comes from other regions', () => {
  it.each(cases)(
    'is parked where it has %s, counted as nothing, and keeps no genuine event of its key waiting',
    async (_, record, why) => {
      const { parked, cases: found } = await after({ ...record, key: genuine.key, topic: genuine.topic }, genuine);
      expect(parked).toEqual([['not_allowed', expect.stringMatching(why)]]);
      expect(found).toHaveLength(1);
      const { value } = (await firstCase())!;
      expect(value).toMatchObject({ reportCount: 1, homeRegion: 'eu' });
    },
  );

  it('is parked on a topic that is not its own', async () => {
    const { parked, cases: found } = await after({ ...genuine, topic: 'sanctions' });
    expect(parked).toEqual([['not_allowed', expect.stringMatching(/belongs on "reports"/)]]);
    expect(found).toEqual([]);
  });

  const unknown = { type: 'ReportPraised' };
  it('waits, where it is an event that this version does not know, and keeps no genuine event of its key waiting', async () => {
    const { parked, cases: found } = await after(forged(report, unknown), genuine);
    expect(parked).toEqual([['gap', expect.stringMatching(/no event ReportPraised/)]]);
    expect(found).toHaveLength(1);
  });

  it.each([
    ['of a region that is none', { ...unknown, region: 'moon' }],
    ['of another zone', { ...unknown, zone: 'regional' }],
    ['with another id than its record', { version: 99, id: 'another' }],
  ])('is not allowed where nobody knows it and it is %s', async (_, different) => {
    const { parked, cases: found } = await after(forged(report, different), genuine);
    expect(parked.map(([reason]) => reason)).toEqual(['not_allowed']);
    expect(found).toHaveLength(1);
  });

  it('keeps what is behind it waiting where it is an unknown event of this very region', async () => {
    const own = forged(from('eu', report), unknown);
    const { parked } = await after(own, { ...genuine, key: own.key });
    expect(parked.map(([reason]) => reason)).toEqual(['malformed', 'behind']);
  });

  it('does not take positions in the history of another case', async () => {
    const noted = createEvent(caseNoted, {
      data: {
        ...caseOf('us-mallory'),
        caseId: caseIdOf(rules.team, 'stormfall', 'eu-anna'),
        caseVersion: 1,
        by: 'mal',
        text: 'x',
      },
      ...{ time: '2026-01-31T12:00:00.000Z', region: 'us', source: 'cheating-team' },
    });
    const { parked } = await after(placement.recordOf(noted));
    expect(parked).toEqual([['not_allowed', expect.stringMatching(/caseId is not that/)]]);
  });

  const term = 2 ** 24;
  const inTerm1 = from('us', progressed(ofAnna, { homeRegion: 'eu', caseVersion: term + 1, basedOn: 0 }));

  it('is no step of the first term by a region that only may be promoted', async () => {
    const { parked } = await after(placement.recordOf(from('us', progressed(ofAnna, { homeRegion: 'eu' }))));
    expect(parked).toEqual([['not_allowed', expect.stringMatching(/first term is for eu to say/)]]);
  });

  it('waits, where it is a step of a term that nobody is known to serve, and follows the promotion', async () => {
    const { parked } = await after(genuine, placement.recordOf(inTerm1));
    expect(parked).toEqual([['gap', expect.stringMatching(/term 1/)]]);
    const promoted = createEvent(regionPromoted, {
      data: { home: 'eu', servedBy: 'us', term: 1, by: 'op', reason: 'Away.' },
      ...{ time: '2026-01-31T12:00:00.000Z', region: 'us', source: 'platform' },
    });
    expect((await after(placement.recordOf(promoted))).parked).toEqual([]);
    expect((await after(genuine)).parked).toEqual([]);
    expect((await firstCase())!.value).toMatchObject({ streamVersion: term + 1 });
  });

  it('is tried again however much lies before it that is not allowed, which may be discarded anywhere', async () => {
    const forgeries = Array.from({ length: 501 }, (_, i) => ({ ...genuine, id: `forged-${i}` }));
    await after(...forgeries, { ...placement.recordOf(inTerm1), id: inTerm1.id });
    const promoted = createEvent(regionPromoted, {
      data: { home: 'eu', servedBy: 'us', term: 1, by: 'op', reason: 'Away.' },
      ...{ time: '2026-01-31T12:00:00.000Z', region: 'us', source: 'platform' },
    });
    await after(placement.recordOf(promoted));
    const { parked } = await after(genuine);
    expect(parked.filter(([reason]) => reason === 'gap')).toEqual([]);
    const [stored] = await drivers.log.append([genuine]);
    await after(genuine);
    const at = { topic: genuine.topic, partition: stored!.partition, key: genuine.key };
    expect([await runtime.processor.discard(at, 'forged-300'), await runtime.processor.discard(at, 'forged-300')]).toEqual([
      'discarded',
      'not_first',
    ]);
  });

  it('waits, with what is behind it of its key, where it is of a newer version of the contract', async () => {
    const { parked, cases: found } = await after(forged(report, { version: 99 }), genuine);
    expect(parked.map(([reason]) => reason)).toEqual(['malformed', 'behind']);
    expect(found).toEqual([]);
  });
});

async function firstCase() {
  for await (const row of runtime.views.scan(caseTables.cases)) if (row.value['reportCount'] !== undefined) return row;
  return undefined;
}
