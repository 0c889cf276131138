import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { caseIdOf } from '@ringside/casework';
import { isoTime, uuidv7 } from '@ringside/core';
import { appealFiled, createEvent, regionPromoted } from '@ringside/events';
import { aReport, openTestRegions, theRing, type Answer, type TestRegions } from '@ringside/testing';

import { casey, person, type Taken } from './working-ring.fixture.js';
import { rules, uphold, workingService } from './working-team.fixture.js';

// What a player wrote against a decision stays where it was filed, also when another region goes on with the case.

const subjectId = 'eu-appellant';
const caseId = caseIdOf(rules.team, 'stormfall', subjectId);
const statement = 'It was my brother.';
const clock = { now: Date.UTC(2026, 0, 31, 13) };
const appealId = uuidv7(clock.now);
const appealPath = `/v1/appeals/${appealId}`;

let ring: TestRegions;
beforeAll(async () => {
  const policy = theRing();
  const services = { ...policy.services, [workingService.name]: policy.services['cheating-team']! };
  const options = { regions: ['eu', 'us'], clock: () => clock.now };
  ring = await openTestRegions([workingService], { policy: { ...policy, services }, ...options });
}, 60_000);
afterAll(() => ring.close());

const get = (region: string, path: string): Promise<Answer<object>> =>
  ring.region(region).request<object>(workingService.name, path);

async function send(region: string, path: string, body: object, as = casey): Promise<Answer<Taken>> {
  clock.now += 1_000;
  const { version } = (await get(region, `/v1/cases/${caseId}`)).body as { readonly version: number };
  const headers = { 'content-type': 'application/json', 'if-match': `"${version}"` };
  const init = { method: 'POST', headers, as, body: JSON.stringify(body) };
  return ring.region(region).request<Taken>(workingService.name, path, init);
}

async function openedIn(region: string): Promise<unknown> {
  const { items } = (await get(region, `/v1/cases/${caseId}/timeline`)).body as {
    readonly items: readonly { readonly type: string }[];
  };
  return items.find(({ type }) => type === 'AppealOpened');
}

describe('an appeal that was filed in the home of its player', () => {
  beforeAll(async () => {
    const eu = ring.region('eu');
    await eu.publish({ ...aReport({ subjectId, subjectHomeRegion: 'eu' }), region: 'eu' });
    await ring.settle();
    const { decisionId } = (await send('eu', `/v1/cases/${caseId}/decide`, uphold)).body;
    const filedAt = isoTime(clock.now);
    const data = { appealId, decisionId, playerId: subjectId, statement, filedAt };
    await eu.publish(createEvent(appealFiled, { data, time: filedAt, region: 'eu', source: 'report-intake' }));
    await ring.settle();
  }, 60_000);

  it('is read there with what the player wrote', async () => {
    expect(await get('eu', appealPath)).toMatchObject({ status: 200, body: { statement, statementHeldIn: 'eu' } });
    expect(await openedIn('eu')).toMatchObject({ statement, data: { appealId, statementHeldIn: 'eu' } });
  });

  it('is known elsewhere, and so is the region that keeps what the player wrote', async () => {
    expect(await openedIn('us')).toMatchObject({ statement: null, data: { appealId, statementHeldIn: 'eu' } });
    const listed = await get('us', '/v1/appeals');
    expect(listed.body).toMatchObject({ items: [{ appealId, state: 'open', statementHeldIn: 'eu' }] });
    expect(JSON.stringify([listed.body, await openedIn('us')])).not.toContain(statement);
  });

  it('is decided without it by the region that is promoted', async () => {
    const data = { home: 'eu', servedBy: 'us', term: 1, by: 'pat', reason: 'A drill.' };
    const promoted = createEvent(regionPromoted, { data, time: isoTime(clock.now), region: 'us', source: 'platform' });
    await ring.region('us').publish(promoted);
    await ring.settle();
    expect(await get('us', appealPath)).toMatchObject({
      status: 200,
      body: { state: 'open', statement: null, statementHeldIn: 'eu' },
    });
    const verdict = { outcome: 'overturned', facts: 'The facts do not bear it out.' };
    expect((await send('us', `${appealPath}/decide`, verdict, person('robin', 'case_worker'))).status).toBe(200);
    await ring.settle();
    for (const region of ['eu', 'us']) {
      expect(await get(region, '/v1/appeals?state=decided')).toMatchObject({
        body: { items: [{ appealId, outcome: 'overturned' }] },
      });
    }
  });
});
