import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parsePolicy, type RingPolicy } from '@ringside/data-ring';
import { randomOf } from '@ringside/random';
import { freePortBase } from '@ringside/service-processes';
import { seedOfRun } from './seed.fixture.js';
import { cutAtRandom, type Cuts } from './cut-links.fixture.js';
import { fileReports, openCaseload, workIn, type Caseload } from './load-in-regions.fixture.js';
import { endAll } from './processes.fixture.js';
import { portsOf, startRegions, type Regions } from './regions.fixture.js';
import {
  expectSameCaseworkViews,
  expectSameDigests,
  expectSameEvents,
  expectSameGlobalViews,
} from './same-in-regions.fixture.js';

const names = ['eu', 'us', 'ap'];
/** The figures in docs/ring-local.md are of 200. */
const cuts = Number(process.env['RINGSIDE_TEST_CUTS'] ?? 30);
const [casesPerRegion, peoplePerRegion, reportsPerSecond] = [8, 2, 12];
/** Reports come for about as long as links are cut. */
const reportsPerRegion = Math.max(60, Math.round(cuts * 0.12 * reportsPerSecond));
const seed = seedOfRun();

let data: string;
let policy: RingPolicy;
let regions: Regions;

beforeAll(async () => {
  const parsed = parsePolicy(await readFile(resolve(import.meta.dirname, '../../ring.yaml'), 'utf8'));
  if (!parsed.ok) throw new Error('ring.yaml is no policy.');
  policy = parsed.value;
  data = await mkdtemp(join(tmpdir(), 'ringside-e2e-'));
  // Nothing is repaired meanwhile: the links have to bring everything by themselves.
  const env = { RINGSIDE_RING_COMPARE_MS: '0', RINGSIDE_RING_SETTLE_MS: '0' };
  regions = await startRegions(names, { data, portBase: await freePortBase(portsOf(names)), env });
}, 300_000);

afterAll(async () => {
  await endAll();
  await rm(data, { recursive: true, force: true });
}, 60_000);

/** Players report and people decide in all regions while links are cut and healed. */
async function cutUnderLoad(caseloads: readonly Caseload[]): Promise<Cuts> {
  const over = new AbortController();
  const people = regions.all.flatMap((region, index) =>
    Array.from({ length: peoplePerRegion }, (_, person) => {
      const random = randomOf(seed + 10 * index + person);
      return workIn(regions, region, caseloads[index]!, { random, sub: `${region.name}-${person}`, signal: over.signal });
    }),
  );
  const reader = await regions.tokenOf({ sub: 'robin', roles: ['read_only'] });
  const filing = { reports: reportsPerRegion, rate: reportsPerSecond, seed };
  const loads = regions.all.map((region) => fileReports(region, reader, filing));
  const cut = await cutAtRandom(regions, cuts, randomOf(seed)).finally(() => over.abort());
  await Promise.all(people);
  for (const load of loads) expect([await load.exited, load.stderr()]).toEqual([0, '']);
  expect(caseloads.flatMap(({ unheardOf }) => unheardOf)).toEqual([]);
  return cut;
}

describe(`three regions whose links are cut and healed ${cuts} times under load (seed ${seed})`, () => {
  it('have the same events afterwards, the same views, and nothing that they must not have', async () => {
    const caseloads = await Promise.all(regions.all.map((region) => openCaseload(region, casesPerRegion)));
    await regions.settle();
    const startedAt = performance.now();
    const cut = await cutUnderLoad(caseloads);
    const underLoadMs = Math.round(performance.now() - startedAt);
    await regions.settle();
    const settledMs = Math.round(performance.now() - startedAt - underLoadMs);

    const { events, copies } = await expectSameEvents(regions, policy);
    await expectSameDigests(regions);
    const globalRows = await expectSameGlobalViews(regions, policy);
    const casesOf = new Map(regions.all.map((region, index) => [region, caseloads[index]!.caseIds]));
    const caseworkRows = await expectSameCaseworkViews(regions, policy, casesOf);
    const links = await regions.links();
    expect(links.map(({ refused }) => refused)).toEqual(links.map(() => ({})));

    const commands = caseloads.flatMap(({ taken }) => [...taken.values()]).reduce((sum, count) => sum + count, 0);
    const figures = { seed, cuts, ...cut, underLoadMs, settledMs, commands, events, copies, globalRows, caseworkRows };
    process.stdout.write(`${JSON.stringify(figures)}\n`);
    // Otherwise nothing happened while the links were cut.
    expect(events['reports']).toBeGreaterThan(names.length * reportsPerRegion);
    expect(commands).toBeGreaterThan(cuts / 2);
    expect(Math.min(globalRows, caseworkRows)).toBeGreaterThan(commands);
  }, 600_000);
});
