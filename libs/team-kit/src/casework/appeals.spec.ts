import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { revisionsPerStep } from '@ringside/casework';
import { appealFiled, createEvent } from '@ringside/events';

import { casey, openWorkingRing, person, type Problem, type WorkingRing } from './working-ring.fixture.js';
import { uphold, workingService } from './working-team.fixture.js';

let team: WorkingRing;
beforeAll(async () => {
  team = await openWorkingRing();
});
afterAll(() => team.close());

interface Listed {
  readonly items: readonly { readonly appealId: string }[];
}

const robin = person('robin', 'case_worker');

/** A decision that is in effect; answers with its id. */
async function decided(playerId: string): Promise<string> {
  const caseId = await team.newCase(playerId);
  const { version } = (await team.command(`/v1/cases/${caseId}/claim`, undefined, { ifMatch: 1 })).body;
  const { body } = await team.command(`/v1/cases/${caseId}/decide`, uphold, { ifMatch: version });
  await team.ring.settle();
  return body.decisionId;
}

async function appeal(appealId: string, decisionId: string, playerId: string): Promise<void> {
  const filedAt = '2026-01-31T13:00:00.000Z';
  const data = { appealId, decisionId, playerId, statement: 'It was my brother.', filedAt };
  const event = createEvent(appealFiled, { region: 'local', source: 'report-intake', data, time: filedAt });
  await team.ring.publish(event, event); // once from whoever filed it, and once more by a retry
  await team.ring.settle();
}

const listed = async (state: string): Promise<readonly string[]> =>
  (await team.get<Listed>(`/v1/appeals?state=${state}`)).body.items.map(({ appealId }) => appealId);

describe('an appeal', () => {
  it('is opened once on the case whose decision it is about, decided by somebody else, and ends what was imposed', async () => {
    const decisionId = await decided('appellant');
    await appeal('appeal-1', decisionId, 'appellant');
    expect(await listed('open')).toEqual(['appeal-1']);
    const read = await team.get<{ version: number }>('/v1/appeals/appeal-1');
    expect(read.body).toMatchObject({ decisionId, state: 'open', playerId: 'appellant' });
    const words = { statement: 'It was my brother.' };
    expect(read.body).toMatchObject({ ...words, statementHeldIn: 'local' });
    const timeline = await team.get(`/v1/cases/${decisionId.split('.')[0]!}/timeline`);
    expect(timeline.body).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({ type: 'AppealOpened', data: expect.not.objectContaining(words), ...words }),
      ]),
    });
    expect(read.headers.get('etag')).toBe(`"${read.body.version}"`);

    const verdict = { outcome: 'overturned', facts: 'The replay shows another account.' };
    const how = { ifMatch: read.body.version };
    const own = await team.command<Problem>('/v1/appeals/appeal-1/decide', verdict, { ...how, as: casey });
    expect([own.status, own.body.detail]).toEqual([403, expect.stringContaining('Ask a colleague')]);
    const stale = { ifMatch: read.body.version - 1 - revisionsPerStep, as: robin };
    expect((await team.command('/v1/appeals/appeal-1/decide', verdict, stale)).status).toBe(412);
    expect((await team.command('/v1/appeals/appeal-1/decide', verdict, { as: robin })).status).toBe(200);
    expect((await team.get(`/v1/decisions/${decisionId}`)).body).toMatchObject({ state: 'overturned' });
    await team.ring.settle();
    expect(await listed('open')).toEqual([]);
    expect(await listed('decided')).toEqual(['appeal-1']);
    const caseId = decisionId.split('.')[0]!;
    expect((await team.published(caseId)).map(({ type }) => type)).toEqual([
      'CaseClaimed',
      'DecisionMade',
      'AppealOpened',
      'AppealDecided',
    ]);
  });

  it('of whoever is not the subject is refused as a step, and not listed', async () => {
    const decisionId = await decided('quiet');
    await appeal('appeal-2', decisionId, 'somebody-else');
    const steps = await team.published(decisionId.split('.')[0]!);
    expect(steps.at(-1)).toMatchObject({ type: 'AppealRefused', data: { because: 'not_the_subject', by: 'system' } });
    expect(await listed('open')).not.toContain('appeal-2');
  });

  it('against what this team never decided changes nothing here, and parks nothing', async () => {
    await appeal('appeal-3', `${'x'.repeat(22)}.1`, 'nobody');
    await appeal('appeal-4', 'nonsense', 'nobody');
    expect((await team.get('/v1/appeals/appeal-3')).status).toBe(404);
    const { body } = await team.ring.request<string>(workingService.name, '/metrics');
    expect(body).not.toMatch(/^ringside_events_parked_total.* [1-9]/m);
  });

  it.each([
    ['an unknown appeal', '/v1/appeals/none/decide', { outcome: 'upheld', facts: 'No.' }, 404],
    ['an unknown outcome', '/v1/appeals/appeal-1/decide', { outcome: 'perhaps', facts: 'No.' }, 400],
    ['no facts', '/v1/appeals/appeal-1/decide', { outcome: 'upheld', facts: '' }, 400],
    ['facts too long', '/v1/appeals/appeal-1/decide', { outcome: 'upheld', facts: 'x'.repeat(4_001) }, 400],
  ])('is refused with %s', async (_what, path, body, status) => {
    expect((await team.command(path, body, { ifMatch: 1, as: robin })).status).toBe(status);
  });

  it.each(['/v1/appeals?state=all', '/v1/appeals?cursor=nonsense'])('list %s is refused', async (path) => {
    expect((await team.get(path)).status).toBe(400);
  });
});
