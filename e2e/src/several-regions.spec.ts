import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { naturalId } from '@ringside/core';
import { freePortBase } from '@ringside/service-processes';
import { findTexts } from './lying-in-regions.fixture.js';
import { endAll, isAlive, until } from './processes.fixture.js';
import { portsOf, post, request, startRegions, type Answer, type Region, type Regions } from './regions.fixture.js';

const names = ['eu', 'us', 'ap'] as const;
type Name = (typeof names)[number];
const game = 'stormfall';

/** A text that is nowhere else, and that no format stores in another way. */
const canary = (of: string): string => `canary${of}${randomBytes(12).toString('hex')}`;

/** By the region where it was filed. */
const described = { eu: canary('DescribedEu'), us: canary('DescribedUs'), ap: canary('DescribedAp') };
const said = { eu: canary('SaidEu'), us: canary('SaidUs'), ap: canary('SaidAp') };
const replayed = { eu: canary('ReplayedEu'), us: canary('ReplayedUs'), ap: canary('ReplayedAp') };
const measured = { eu: canary('MeasuredEu'), us: canary('MeasuredUs'), ap: canary('MeasuredAp') };
/** By the home of the player whom it is about. */
const noted = { eu: canary('NotedEu'), us: canary('NotedUs'), ap: canary('NotedAp') };
const found = { eu: canary('FactsEu'), us: canary('FactsUs'), ap: canary('FactsAp') };
const shown = { eu: canary('ShownEu'), us: canary('ShownUs'), ap: canary('ShownAp') };
/** By the home of the player who wrote it, which is where it is filed. */
const objected = { eu: canary('ObjectedEu'), us: canary('ObjectedUs'), ap: canary('ObjectedAp') };
const subjects = { eu: `eu-${canary('Player')}`, us: `us-${canary('Player')}`, ap: `ap-${canary('Player')}` };
/** Where the casework of a home goes, by ring.yaml. */
const routes: Readonly<Record<Name, readonly Name[]>> = { eu: ['eu', 'us'], us: ['us', 'eu'], ap: ['ap', 'us'] };

let data: string;
let regions: Regions;
let lead: string;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'ringside-e2e-'));
  regions = await startRegions(names, { data, portBase: await freePortBase(portsOf(names)) });
  lead = await regions.tokenOf({ sub: 'lena', roles: ['lead', 'approver'] });
}, 300_000);

afterAll(async () => {
  await endAll();
  await rm(data, { recursive: true, force: true });
}, 60_000);

const caseOf = (home: Name): string => naturalId('case', 'cheating', game, subjects[home]);

const casesUrl = (region: Region, home: Name, path = ''): string =>
  `${region.urlOf('cheating-team')}/v1/cases/${caseOf(home)}${path}`;

interface CaseBody {
  readonly version: number;
  readonly homeRegion: string;
  readonly reportCount: number;
  readonly decisions: readonly { readonly decisionId: string; readonly state: string }[];
}

interface Timeline {
  readonly items: readonly { readonly type: string }[];
}

const caseIn = async (region: Region, home: Name): Promise<CaseBody> =>
  (await request<CaseBody>(casesUrl(region, home), lead)).body;

const replayOf = (region: Name): string => `https://replays.example/${replayed[region]}`;

async function fileIn(region: Name, home: Name): Promise<void> {
  const report = {
    ...{ game, reporterId: `reporter-in-${region}`, subjectId: subjects[home], reason: 'aimbot' },
    description: described[region],
    evidence: {
      chat: [{ at: new Date().toISOString(), playerId: subjects[home], text: said[region] }],
      replayUrl: replayOf(region),
      telemetry: { note: measured[region] },
    },
  };
  const { status, body } = await post(`${regions.region(region).urlOf('report-intake')}/v1/reports`, lead, report);
  expect([status, body]).toEqual([202, expect.anything()]);
}

/** Versions that the commands so far have led to: what is asked for next must be no older. */
const versions = new Map<Name, number>();

async function command(
  region: Region,
  home: Name,
  kind: string,
  body: object,
): Promise<Answer<{ readonly version: number; readonly homeRegion?: string }>> {
  const version = versions.get(home) ?? (await caseIn(region, home)).version;
  const headers = { 'idempotency-key': randomBytes(8).toString('hex'), 'if-match': `"${version}"` };
  const answer = await post<{ version: number }>(casesUrl(region, home, `/${kind}`), lead, body, headers);
  if (answer.status === 200) versions.set(home, answer.body.version);
  return answer;
}

/** A case worker takes what came with the report that was filed here up as evidence, its replay too, and reads it again. */
async function assembleIn(region: Region, home: Name): Promise<void> {
  const { body } = await request<{ items: { reportId: string }[] }>(casesUrl(region, home, '/evidence'), lead);
  const { reportId } = body.items[0]!;
  const window = { reportId, from: '2026-01-31T11:58:20Z', to: '2026-01-31T11:58:24Z', finding: shown[home] };
  const evidence = { reportIds: [reportId], telemetry: [window], replays: [{ reportId }] };
  expect((await command(region, home, 'assemble-evidence', evidence)).status).toBe(200);
  const assembled = await request(casesUrl(region, home, '/assembled-evidence'), lead);
  expect(assembled.body).toMatchObject({ evidence: { replays: [{ reportId, heldIn: home, url: replayOf(home) }] } });
}

describe('three regions on one machine', () => {
  it('take reports to the teams of every region, and leave evidence where it was filed', async () => {
    for (const region of names) for (const home of names) await fileIn(region, home);
    await regions.settle();
    for (const region of regions.all) {
      for (const home of names) {
        expect(await caseIn(region, home)).toMatchObject({ homeRegion: home, reportCount: names.length });
        const { body } = await request<{ items: { description: string }[] }>(casesUrl(region, home, '/evidence'), lead);
        expect(body.items.map(({ description }) => description)).toEqual([described[region.name as Name]]);
      }
    }
  });

  it("take commands in the region of the player's home alone", async () => {
    for (const region of regions.all) {
      for (const home of names.filter((one) => one !== region.name)) {
        const { status, body } = await command(region, home, 'note', { text: 'Not from here.' });
        expect([status, body.homeRegion]).toEqual([421, home]);
      }
      const home = region.name as Name;
      expect((await command(region, home, 'claim', {})).status).toBe(200);
      expect((await command(region, home, 'note', { text: noted[home] })).status).toBe(200);
      await assembleIn(region, home);
      const sanctions = [{ kind: 'suspend', durationHours: 24 }];
      const decision = { verdict: 'uphold', clause: 'fair-play/2.1', facts: found[home], sanctions };
      expect((await command(region, home, 'decide', decision)).status).toBe(200);
    }
  });

  it('show what was decided everywhere, and the steps where the casework goes', async () => {
    await regions.settle();
    for (const region of regions.all) {
      for (const home of names) {
        expect(await caseIn(region, home)).toMatchObject({ decisions: [{ state: 'in_effect' }] });
        const player = await request(`${region.urlOf('abuse-team')}/v1/players/${subjects[home]}`, lead);
        expect(JSON.stringify(player.body)).toContain('suspend');
        const timeline = JSON.stringify((await request(casesUrl(region, home, '/timeline'), lead)).body);
        expect([region.name, home, timeline.includes(noted[home])]).toEqual([
          region.name,
          home,
          routes[home].includes(region.name as Name),
        ]);
      }
    }
  });

  it("take appeals in the region of the player's home", async () => {
    for (const home of names) {
      const region = regions.region(home);
      const [decision] = (await caseIn(region, home)).decisions;
      const appeal = { playerId: subjects[home], decisionId: decision!.decisionId, statement: objected[home] };
      const elsewhere = regions.all.find(({ name }) => name !== home)!;
      const refused = await post<{ homeRegion: string }>(`${elsewhere.urlOf('report-intake')}/v1/appeals`, lead, appeal);
      expect([refused.status, refused.body.homeRegion]).toEqual([421, home]);
      expect((await post(`${region.urlOf('report-intake')}/v1/appeals`, lead, appeal)).status).toBe(202);
    }
    await regions.settle();
    for (const region of regions.all) {
      const { body } = await request(`${region.urlOf('cheating-team')}/v1/appeals`, lead);
      const listed = names.filter((home) => JSON.stringify(body).includes(caseOf(home)));
      expect([region.name, listed]).toEqual([region.name, names.filter((home) => routes[home].includes(region.name as Name))]);
      for (const home of listed) {
        const { items } = (await request<Timeline>(casesUrl(region, home, '/timeline'), lead)).body;
        expect(items.find(({ type }) => type === 'AppealOpened')).toMatchObject({
          data: { statementHeldIn: home },
          statement: home === region.name ? objected[home] : null,
        });
      }
    }
  });

  it('start a service again that was killed, and lose nothing meanwhile', async () => {
    const region = regions.region('us');
    const before = region.services.map(({ name }) => region.pidOf(name));
    for (const pid of before) process.kill(pid, 'SIGKILL');
    await fileIn('eu', 'us');
    await until('the region is back', 120, () =>
      region.services.every(({ name }, index) => region.pidOf(name) !== before[index] && isAlive(region.pidOf(name)))
        ? true
        : undefined,
    );
    await regions.settle();
    expect(await caseIn(region, 'us')).toMatchObject({ reportCount: names.length + 1 });
  }, 180_000);

  it('start the replicator again, which goes on where it was', async () => {
    const before = regions.pidOfReplicator();
    await fileIn('ap', 'us');
    process.kill(before, 'SIGKILL');
    await fileIn('us', 'us');
    await until('the replicator is back', 60, () => (regions.pidOfReplicator() !== before ? true : undefined));
    await regions.settle();
    for (const region of regions.all) expect(await caseIn(region, 'us')).toMatchObject({ reportCount: names.length + 3 });
  });

  it('keep every text inside its borders, to the last byte of their files', async () => {
    await regions.stop();
    const whereOf = async (texts: readonly string[]): Promise<readonly (readonly [string, readonly string[]])[]> => {
      const inRegions = await Promise.all(names.map((name) => findTexts(join(data, name), texts)));
      return texts.map((text) => [text, names.filter((_, index) => inRegions[index]!.get(text)!.length > 0)]);
    };
    const expected = [
      ...names.flatMap((filedIn) =>
        [described[filedIn], said[filedIn], replayed[filedIn], measured[filedIn], objected[filedIn]].map((text) => [
          text,
          [filedIn],
        ]),
      ),
      ...names.flatMap((home) =>
        [noted[home], found[home], shown[home]].map((text) => [text, names.filter((name) => routes[home].includes(name))]),
      ),
      // The search finds what is everywhere.
      ...names.map((home) => [subjects[home], [...names]]),
    ];
    expect(await whereOf(expected.map(([text]) => text as string))).toEqual(expected);
    for (const shared of ['logs', 'issuer']) {
      const texts = [...new Set(expected.slice(0, -names.length).map(([text]) => text as string))];
      expect([...(await findTexts(join(data, shared), texts)).values()].flat()).toEqual([]);
    }
  }, 120_000);
});
