import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { caseIdOf } from '@ringside/casework';
import { placementOf } from '@ringside/data-ring';
import { decodeEvent, type RingsideEvent } from '@ringside/events';
import { aReport, evidenceOf, openTestRegions, theRing, type TestRegions } from '@ringside/testing';

import { person } from './casework/working-ring.fixture.js';
import { rules, workingService } from './casework/working-team.fixture.js';

const ring = theRing();
// The team of this spec may do what the others may.
const policy = { ...ring, services: { ...ring.services, [workingService.name]: ring.services['others-triage']! } };
const { homeOf } = placementOf(policy, 'eu');

let regions: TestRegions;
beforeAll(async () => {
  regions = await openTestRegions([workingService], { policy, clock: () => Date.UTC(2026, 0, 31, 13) });
}, 60_000);
afterAll(() => regions.close());

const caseIdAbout = (subjectId: string): string => caseIdOf(rules.team, 'stormfall', subjectId);
const by = person('casey', 'case_worker');

/** A report that came in in a region, with what was written. */
function file(region: string, subjectId: string): Promise<void> {
  const report = aReport({ subjectId, subjectHomeRegion: homeOf(subjectId), hasEvidence: true });
  const evidence = evidenceOf(report, { description: `seen in ${region}` });
  return regions.region(region).publish(...([evidence, report] as const).map((event): RingsideEvent => ({ ...event, region })));
}

const read = <Body>(region: string, path: string) =>
  regions.region(region).request<Body>(workingService.name, path, { as: by });

async function claim(region: string, subjectId: string) {
  const path = `/v1/cases/${caseIdAbout(subjectId)}`;
  const { version } = (await read<{ version: number }>(region, path)).body;
  const headers = { 'if-match': `"${version}"`, 'content-type': 'application/json' };
  const init = { method: 'POST', headers, as: by, body: '{}' };
  return regions.region(region).request<{ homeRegion?: string }>(workingService.name, `${path}/claim`, init);
}

/** What the log of a region has of some topics, by type. */
async function typesIn(region: string, isWanted: (topic: string) => boolean): Promise<readonly string[]> {
  const { log } = regions.region(region);
  const types: string[] = [];
  for (const { topic } of await log.topics()) {
    if (!isWanted(topic)) continue;
    for (const { partition } of await log.heads(topic)) {
      for await (const { bytes } of log.read({ topic, partition })) {
        const decoded = decodeEvent(bytes);
        if (decoded.ok) types.push(`${topic} ${decoded.value.type}`);
      }
    }
  }
  return types;
}

describe('a team in several regions', () => {
  it('has the reports of all regions in each, and of the evidence what was filed there', async () => {
    await file('us', 'eu-anna');
    await file('ap', 'eu-anna');
    await regions.settle();
    for (const region of regions.regions) {
      const { body } = await read<object>(region, `/v1/cases/${caseIdAbout('eu-anna')}`);
      expect([region, body]).toEqual([region, expect.objectContaining({ homeRegion: 'eu', reportCount: 2 })]);
      const evidence = await read<object>(region, `/v1/cases/${caseIdAbout('eu-anna')}/evidence`);
      const others = regions.regions.filter((other) => other !== region);
      for (const other of others) expect(JSON.stringify(evidence.body)).not.toContain(`seen in ${other}`);
    }
    expect(await typesIn('eu', (topic) => topic === 'report-evidence')).toEqual([]);
  });

  it('works a case in the home of its player alone, and its steps go where policy lets them', async () => {
    await file('us', 'ap-aiko');
    await regions.settle();
    const elsewhere = await claim('us', 'ap-aiko');
    expect([elsewhere.status, elsewhere.body.homeRegion]).toEqual([421, 'ap']);
    expect((await claim('ap', 'ap-aiko')).status).toBe(200);
    await regions.settle();
    const isCases = (topic: string): boolean => topic.startsWith('cases');
    expect(await typesIn('ap', isCases)).toEqual(['cases.ap CaseClaimed']);
    expect(await typesIn('us', isCases)).toEqual(await typesIn('ap', isCases));
    expect(await typesIn('eu', isCases)).toEqual([]);
    for (const region of regions.regions) {
      const { body } = await read<{ status: string }>(region, `/v1/cases/${caseIdAbout('ap-aiko')}`);
      expect([region, body.status]).toEqual([region, 'claimed']);
    }
  });

  it('goes on while a link is cut, and catches up', async () => {
    await regions.cut('eu', 'us');
    await regions.cut('eu', 'ap');
    await file('us', 'us-ben');
    await file('eu', 'us-ben');
    const reportsIn = async (region: string): Promise<number> =>
      (await read<{ reportCount?: number }>(region, `/v1/cases/${caseIdAbout('us-ben')}`)).body.reportCount ?? 0;
    await regions.region('us').settle();
    await regions.region('eu').settle();
    expect([await reportsIn('eu'), await reportsIn('us')]).toEqual([1, 1]);
    regions.heal('eu', 'us');
    regions.heal('eu', 'ap');
    await regions.settle();
    expect([await reportsIn('eu'), await reportsIn('us'), await reportsIn('ap')]).toEqual([2, 2, 2]);
  });
});
