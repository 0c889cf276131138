import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isoTime, uuidv7 } from '@ringside/core';
import { caseNoted, createEvent, reportEvidenceFiled, reportFiled, type RingsideEvent } from '@ringside/events';
import { until } from './processes.fixture.js';
import { filesWith, regions, startTwoRegions, untilEqual, type Region, type TwoRegions } from './two-regions.fixture.js';

/*
 * The ring's policy on two real Pulsar clusters and two real Cassandras: applied, drifted from, mended; and that facts are where
 * the policy puts them and nowhere else, by the bytes of the servers' files, before and after the link between them was cut.
 */
let ring: TwoRegions;
const by = 'two-regions.ring-spec';

beforeAll(async () => {
  ring = await startTwoRegions();
}, 300_000);

afterAll(async () => ring?.end(), 120_000);

function filed(region: Region, subjectId: string): RingsideEvent {
  const time = isoTime(Date.now());
  const data = {
    ...{ reportId: uuidv7(), game: 'stormfall', reporterId: 'reporter-1', subjectId, subjectHomeRegion: region },
    ...{ reason: 'aimbot', hasEvidence: false, filedAt: time },
  };
  return createEvent(reportFiled, { region, source: 'report-intake', time, data });
}

function evidence(region: Region, description: string): RingsideEvent {
  const time = isoTime(Date.now());
  const data = {
    reportId: uuidv7(),
    game: 'stormfall',
    subjectId: `${region}-1`,
    reason: 'aimbot',
    filedAt: time,
    description,
  };
  return createEvent(reportEvidenceFiled, { region, source: 'report-intake', time, data });
}

/** About a player whose home is that region. */
function note(region: Region, text: string): RingsideEvent {
  const data = {
    ...{ caseId: randomUUID(), team: 'cheating', game: 'stormfall', subjectId: `${region}-1` },
    ...{ caseVersion: 1, by: 'worker-1', text },
  } as const;
  return createEvent(caseNoted, { region, source: 'cheating-team', time: isoTime(Date.now()), data });
}

const statesOf = (run: { readonly regions: readonly { readonly region: string; readonly state: string }[] }) =>
  run.regions.map(({ region, state }) => [region, state]);
const allInOrder = regions.map((region) => [region, 'in_order']);

describe('the policy on two regions', () => {
  it('is applied from nothing, and a second time changes nothing', async () => {
    expect(statesOf(await ring.control.plan())).toEqual(regions.map((region) => [region, 'differs']));
    const first = await ring.control.apply({ by });
    expect(first.regions.flatMap(({ differences }) => differences)).toEqual([]);
    expect([statesOf(first), first.unrecorded]).toEqual([allInOrder, []]);
    expect(first.taken.length).toBeGreaterThan(50);
    const second = await ring.control.apply({ by });
    expect([second.taken, statesOf(second)]).toEqual([[], allInOrder]);
    // What these servers hold nobody to is said, and is no difference.
    expect(new Set(second.regions.flatMap(({ unenforced }) => unenforced.map(({ kind }) => kind)))).toEqual(
      new Set(['permission', 'policy', 'role', 'grant']),
    );
  }, 120_000);

  it('finds a namespace that somebody has widened by hand, names its rule, and mends it', async () => {
    await ring.admin('eu', 'POST', 'namespaces/ringside/evidence/replication', regions);
    // A leak is what the search for canaries below would see.
    const leak = `leak-${randomUUID()}`;
    await ring.publish('eu', evidence('eu', leak));
    await until('the leak is in the files of us', 60, async () => {
      return (await filesWith(ring.directoryOf('us'), leak)).length > 0 ? true : undefined;
    });
    const { regions: found, startedAt } = await ring.control.audit({ by });
    expect(found.map(({ differences }) => differences)).toEqual([
      [
        expect.objectContaining({
          at: 'namespace ringside/evidence: replication',
          rule: 'zones.evidence.kind',
          wanted: ['eu'],
          live: expect.arrayContaining(['eu', 'us']),
        }),
      ],
      [],
    ]);
    const mended = await ring.control.apply({ by });
    expect(mended.taken.map(({ region, phase, to }) => [region, phase, to])).toEqual([['eu', 'narrow', ['eu']]]);
    expect(statesOf(await ring.control.audit({ by }))).toEqual(allInOrder);
    const record = (await ring.control.runs()).find(({ data }) => data.startedAt === startedAt && data.about === 'eu');
    expect(record?.data).toMatchObject({ by, operation: 'audit', outcome: 'differs', differenceCount: 1 });
    expect(record?.data.differences).toEqual([
      { at: 'namespace ringside/evidence: replication', rule: 'zones.evidence.kind', wanted: 'eu', live: 'eu, us' },
    ]);
  }, 120_000);

  it('finds what somebody has set for one topic alone, and mends it', async () => {
    const appeals = 'persistent/ringside/evidence/appeals';
    await ring.admin('eu', 'POST', `${appeals}/permissions/marketing`, ['consume']);
    await ring.admin('eu', 'POST', `${appeals}/retention`, { retentionTimeInMinutes: 1, retentionSizeInMB: 1 });
    await ring.admin('eu', 'POST', `${appeals}/messageTTL?messageTTL=60`);
    const wanted = [
      'topic ringside/evidence/appeals: messageTTL',
      'topic ringside/evidence/appeals: permissions of marketing',
      'topic ringside/evidence/appeals: retention',
    ];
    // Policies of topics are records that a broker has to read first.
    const found = await until('all of it is found', 60, async () => {
      const [eu] = (await ring.control.plan()).regions;
      const ats = eu!.differences.map(({ at }) => at.replace(/appeals-partition-\d+/, 'appeals'));
      return new Set(ats).size === wanted.length ? ats : undefined;
    });
    expect([...new Set(found)].sort()).toEqual(wanted);
    await ring.control.apply({ by });
    await until('it is mended', 60, async () => ((await ring.control.plan()).steps.length === 0 ? true : undefined));
    expect(statesOf(await ring.control.audit({ by }))).toEqual(allInOrder);
  }, 180_000);
});

describe('facts', () => {
  const canary = (what: string): string => `canary-${what}-${randomUUID()}`;
  const canaries = { evidence: canary('evidence'), caseOfEu: canary('case-of-eu'), caseOfUs: canary('case-of-us') };
  const published: string[] = [];

  async function publish(region: Region, count: number): Promise<void> {
    const events = Array.from({ length: count }, (_, index) => filed(region, `${region}-${index}`));
    await ring.publish(region, ...events);
    published.push(...events.map(({ id }) => id));
  }

  /** By the bytes of all files that the servers of a region keep. */
  async function expectInsideBorders(): Promise<void> {
    const where = async (text: string) =>
      Promise.all(regions.map(async (region) => (await filesWith(ring.directoryOf(region), text)).length > 0));
    expect({
      evidence: await where(canaries.evidence),
      caseOfEu: await where(canaries.caseOfEu),
      caseOfUs: await where(canaries.caseOfUs),
    }).toEqual({ evidence: [true, false], caseOfEu: [true, true], caseOfUs: [false, true] });
  }

  it('are in the files of the regions that the policy gives them to, and in those of no other', async () => {
    const noted = note('eu', canaries.caseOfEu);
    await ring.publish('eu', evidence('eu', canaries.evidence), noted);
    await ring.publish('us', note('us', canaries.caseOfUs));
    // What comes behind them has arrived, so they would have.
    await Promise.all(regions.map((region) => publish(region, 5)));
    await untilEqual(ring, 'reports', published, 60);
    await until('the case of eu is in us', 60, async () => {
      return (await ring.idsIn('us', 'cases')).includes(noted.id) ? true : undefined;
    });
    await expectInsideBorders();
  }, 180_000);

  it.each([1, 2, 3, 4, 5, 6])(
    'are the same in both regions after cut %i of the link between them',
    async (round) => {
      const [away, other] = round % 2 === 0 ? (['us', 'eu'] as const) : (['eu', 'us'] as const);
      const goOn = ring.pause(away);
      try {
        await publish(other, 10);
        await until(`records wait in ${other}`, 30, async () => ((await backlogOf(other, away)) > 0 ? true : undefined));
      } finally {
        goOn();
      }
      await publish(away, 5);
      await untilEqual(ring, 'reports', published, 90);
    },
    180_000,
  );

  it('are the same in both regions after the Pulsar of one was killed', async () => {
    await ring.kill('us');
    await publish('eu', 20);
    await ring.restart('us');
    await publish('us', 5);
    await untilEqual(ring, 'reports', published, 90);
  }, 240_000);

  it('are the same again when somebody had taken a region out of a namespace, and the policy was applied', async () => {
    await ring.admin('eu', 'POST', 'namespaces/ringside/global/replication', ['eu']);
    await until('the replicators of eu are gone', 30, async () => ((await replicatorsOf('eu')) === 0 ? true : undefined));
    await publish('eu', 10);
    const mended = await ring.control.apply({ by });
    expect(mended.taken.map(({ region, phase }) => [region, phase])).toEqual([['eu', 'widen']]);
    await publish('eu', 5);
    await untilEqual(ring, 'reports', published, 90);
  }, 180_000);

  it('have not left their borders by all that', () => expectInsideBorders(), 60_000);

  const statsOf = (region: Region) =>
    ring.admin<{ readonly replication: Readonly<Record<string, { readonly replicationBacklog: number }>> }>(
      region,
      'GET',
      'persistent/ringside/global/reports/partitioned-stats?perPartition=false&getPreciseBacklog=true',
    );

  const backlogOf = async (region: Region, to: Region): Promise<number> =>
    (await statsOf(region))?.replication[to]?.replicationBacklog ?? 0;

  const replicatorsOf = async (region: Region): Promise<number> =>
    Object.keys((await statsOf(region))?.replication ?? {}).length;
});
