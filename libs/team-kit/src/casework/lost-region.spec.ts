import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { caseIdOf, partsOf, termOf } from '@ringside/casework';
import { isoTime } from '@ringside/core';
import { parsePolicy, type RingPolicy } from '@ringside/data-ring';
import { createEvent, decodeEvent, regionPromoted, sanctionsTopic, type SanctionReversed } from '@ringside/events';
import { aReport, openTestRegions, type Answer, type TestRegions } from '@ringside/testing';

import { casey, person, type Problem, type Taken } from './working-ring.fixture.js';
import { rules, uphold, workingTeam, workingService } from './working-team.fixture.js';

// The drill in small: two regions with real services, logs and stores, and the replicator between them.

const subjectId = 'eu-player';
const caseId = caseIdOf(rules.team, 'stormfall', subjectId);
const path = `/v1/cases/${caseId}`;
const clock = { now: Date.UTC(2026, 0, 31, 13) };
const lead = person('lena', 'lead');

function policyWithTeam(): RingPolicy {
  const parsed = parsePolicy(readFileSync(new URL('../../../../ring.yaml', import.meta.url), 'utf8'));
  if (!parsed.ok) throw new Error('ring.yaml is not valid');
  const { services } = parsed.value;
  return { ...parsed.value, services: { ...services, [workingTeam.service]: services['cheating-team']! } };
}

interface CaseShown {
  readonly version: number;
  readonly status: string;
  readonly openReports: number;
  readonly decisions: readonly { readonly decisionId: string; readonly state: string; readonly verdict: string }[];
}

let ring: TestRegions;
beforeAll(async () => {
  const policy = policyWithTeam();
  ring = await openTestRegions([workingService], { policy, regions: ['eu', 'us'], clock: () => clock.now });
}, 60_000);
afterAll(() => ring.close());

const get = <Body>(region: string, of: string): Promise<Answer<Body>> =>
  ring.region(region).request<Body>(workingTeam.service, of);
const shown = async (region: string): Promise<CaseShown> => (await get<CaseShown>(region, path)).body;

/** By somebody who saw the case as this region shows it now. */
async function command<Body = Taken & Problem>(region: string, what: string, body: object, as = lead): Promise<Answer<Body>> {
  clock.now += 1_000;
  const { version } = await shown(region);
  const headers = { 'content-type': 'application/json', 'if-match': `"${version}"` };
  const init = { method: 'POST', headers, as, body: JSON.stringify(body) };
  return ring.region(region).request<Body>(workingTeam.service, `${path}/${what}`, init);
}

async function promote(servedBy: string, term: number): Promise<void> {
  const data = { home: 'eu', servedBy, term, by: 'pat', reason: 'A drill.' };
  const time = isoTime(clock.now);
  const { region } = ring;
  await region(servedBy).publish(createEvent(regionPromoted, { data, time, region: servedBy, source: 'platform' }));
  await region(servedBy).settle();
}

/** All that the region's log has: copies, if there are any, as well. */
async function reversals(region: string, playerId = subjectId): Promise<readonly SanctionReversed[]> {
  const { log } = ring.region(region);
  const found: SanctionReversed[] = [];
  for (const { partition } of await log.heads(sanctionsTopic.topic)) {
    for await (const { bytes } of log.read({ topic: sanctionsTopic.topic, partition })) {
      const decoded = decodeEvent(bytes);
      if (!decoded.ok || decoded.value.type !== 'SanctionReversed' || decoded.value.data.playerId !== playerId) continue;
      found.push(decoded.value);
    }
  }
  return found;
}

describe('a region that is lost, and comes back', () => {
  it('has its cases to itself before', async () => {
    await ring.region('eu').publish({ ...aReport({ subjectId, subjectHomeRegion: 'eu' }), region: 'eu' });
    await ring.settle();
    expect((await command('eu', 'note', { text: 'Known from before.' })).status).toBe(200);
    await ring.settle();
    const elsewhere = await command('us', 'note', { text: 'From afar.' });
    expect([elsewhere.status, elsewhere.body.homeRegion]).toEqual([421, 'eu']);
  });

  it('goes on deciding while it is cut off, and so does the one that was promoted in its place', async () => {
    await ring.cut('eu', 'us');
    const lost = await command('eu', 'decide', uphold, casey);
    expect(lost.status).toBe(200);
    await promote('us', 1);
    const going = await command('us', 'note', { text: 'We go on here.' });
    expect([going.status, termOf(partsOf(going.body.version).streamVersion)]).toEqual([200, 1]);
    await ring.region('us').settle();
    const dismissed = await command('us', 'decide', { verdict: 'dismiss', facts: 'An ordinary match.', sanctions: [] });
    expect(dismissed.status).toBe(200);
    await ring.region('eu').settle();
    expect((await command('eu', 'note', { text: 'Nobody told us.' })).status).toBe(200);
    await ring.region('eu').settle();
    expect(await shown('eu')).toMatchObject({ status: 'decided', decisions: [{ state: 'in_effect', verdict: 'uphold' }] });
  });

  it('has decided nothing once it is back, and both show the same', async () => {
    ring.heal('eu', 'us');
    await ring.settle();
    const [eu, us] = [await shown('eu'), await shown('us')];
    expect(eu).toEqual(us);
    expect(eu).toMatchObject({ status: 'decided', openReports: 0 });
    expect(eu.decisions.map(({ state, verdict }) => [state, verdict]).sort()).toEqual([
      ['in_effect', 'dismiss'],
      ['superseded', 'uphold'],
    ]);
    const timelines = [await get<object>('eu', `${path}/timeline`), await get<object>('us', `${path}/timeline`)];
    expect(timelines[0]!.body).toEqual(timelines[1]!.body);
    const { items } = timelines[0]!.body as { items: readonly { type: string; superseded?: true }[] };
    expect(items.filter(({ superseded }) => superseded).map(({ type }) => type)).toEqual(['DecisionMade', 'CaseNoted']);
  });

  it('has what it imposed taken back, by the region that works the case or by itself, by each of them as one event', async () => {
    for (const region of ['eu', 'us']) {
      const all = await reversals(region);
      const own = all.filter((event) => event.region === region);
      expect(all.length).toBeGreaterThan(0);
      for (const again of own) expect(again).toEqual(own[0]); // whatever showed it: a copy is dropped by its id
      for (const { data } of all) expect(data).toMatchObject({ playerId: subjectId, because: 'superseded' });
      const dossier = await get<object>(region, `/v1/players/${subjectId}`);
      expect(dossier.body).toMatchObject({ strikes: { count: 0 }, sanctions: { inForce: [] } });
    }
  });

  it('sends commands on, until it is promoted itself, and then goes on behind what was done for it', async () => {
    const sent = await command('eu', 'note', { text: 'May I?' });
    expect([sent.status, sent.body.homeRegion]).toEqual([421, 'us']);
    await promote('eu', 2);
    await ring.settle();
    const home = await command('eu', 'note', { text: 'Home again.' });
    expect([home.status, termOf(partsOf(home.body.version).streamVersion)]).toEqual([200, 2]);
    expect((await command('us', 'note', { text: 'Still here.' })).status).toBe(421);
    await ring.settle();
    expect(await shown('eu')).toEqual(await shown('us'));
    expect((await shown('eu')).decisions.map(({ state }) => state).sort()).toEqual(['in_effect', 'superseded']);
  });
});
