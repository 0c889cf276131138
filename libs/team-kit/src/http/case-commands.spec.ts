import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { partsOf, revisionsPerStep, versionOf } from '@ringside/casework';
import { aReport, tokenFor } from '@ringside/testing';

import {
  casey,
  openWorkingRing,
  person,
  type Problem,
  type Taken,
  type WorkingRing,
} from '../casework/working-ring.fixture.js';
import { permanently, rules, uphold } from '../casework/working-team.fixture.js';

let team: WorkingRing;
beforeAll(async () => {
  team = await openWorkingRing();
});
afterAll(() => team.close());

const robin = person('robin', 'case_worker');

describe('a command', () => {
  it('is answered with the version that it led to, and published', async () => {
    const caseId = await team.newCase('claimed');
    const claimed = await team.command(`/v1/cases/${caseId}/claim`, undefined, { ifMatch: 1 });
    const version = versionOf({ streamVersion: 1, revision: 1 });
    expect([claimed.status, claimed.body]).toEqual([200, { version }]);
    expect(claimed.headers.get('etag')).toBe(`"${version}"`);
    await team.ring.settle();
    expect(await team.published(caseId)).toMatchObject([{ type: 'CaseClaimed', data: { by: 'casey', caseVersion: 1 } }]);
  });

  it('takes each of its kinds', async () => {
    const caseId = await team.newCase('busy');
    const lead = person('lena', 'lead');
    let version = 1;
    const steps: readonly (readonly [string, object | undefined, object?])[] = [
      ['claim', undefined],
      ['note', { text: 'Looks familiar.' }],
      ['hold', { reason: 'Waits for telemetry.' }],
      ['resume', undefined],
      ['escalate', { reason: 'A streamer.' }],
      ['hand-over', { to: 'lena', reason: 'Knows him.' }],
      ['release', undefined, lead],
      ['claim', undefined],
      ['decide', uphold],
    ];
    for (const [verb, body, as = casey] of steps) {
      const answer = await team.command(`/v1/cases/${caseId}/${verb}`, body, { ifMatch: version, as });
      expect([verb, answer.status]).toEqual([verb, 200]);
      version = answer.body.version;
    }
    expect((await team.published(caseId)).map(({ type }) => type)).toEqual([
      'CaseClaimed',
      'CaseNoted',
      'CaseHeld',
      'CaseResumed',
      'CaseEscalated',
      'CaseHandedOver',
      'CaseReleased',
      'CaseClaimed',
      'DecisionMade',
    ]);
  });

  it('is taken once under one key, and refused under the key of another', async () => {
    const caseId = await team.newCase('again');
    const path = `/v1/cases/${caseId}/note`;
    const how = { ifMatch: 1, key: 'note-1' };
    const first = await team.command(path, { text: 'Once.' }, how);
    const again = await team.command(path, { text: 'Once.' }, how);
    expect([again.status, again.body]).toEqual([200, first.body]);
    const other = await team.command<Problem>(path, { text: 'Twice.' }, how);
    expect([other.status, other.body.type]).toEqual([409, 'urn:ringside:problem:idempotency_key_reused']);
    const somebodyElse = await team.command<Problem>(path, { text: 'Once.' }, { ...how, as: robin });
    expect(somebodyElse.status).toBe(409);
    expect(await team.published(caseId)).toHaveLength(1);
  });

  it('loses a race with the current version, and a report that came meanwhile does not make it late', async () => {
    const caseId = await team.newCase('raced');
    await team.ring.publish(aReport({ subjectId: 'raced', reporterId: 'later' }));
    await team.ring.settle();
    const claims = await Promise.all(
      [casey, robin].map((as) => team.command<Problem>(`/v1/cases/${caseId}/claim`, undefined, { ifMatch: 1, as })),
    );
    expect(claims.map(({ status }) => status).sort()).toEqual([200, 412]);
    const lost = claims.find(({ status }) => status === 412)!;
    const version = versionOf({ streamVersion: 1, revision: 2 });
    expect(lost.body).toMatchObject({ type: 'urn:ringside:problem:stale_version', version });
    expect(lost.headers.get('etag')).toBe(`"${version}"`);
  });
});

describe('a decision', () => {
  it('needs no claim where nobody has one, and no clause that the policy knows', async () => {
    const caseId = await team.newCase('unclaimed');
    const decided = await team.command(`/v1/cases/${caseId}/decide`, { ...uphold, clause: 'house-rules/7' }, { ifMatch: 1 });
    expect([decided.status, decided.body.pendingApproval]).toEqual([200, false]);
    expect((await team.get(`/v1/decisions/${decided.body.decisionId}`)).body).toMatchObject({
      ...{ state: 'in_effect', decidedBy: 'casey', clause: 'house-rules/7' },
      statementOfReasons: { ground: { clause: 'house-rules/7', reference: 'Rules of the game' } },
    });
  });

  it('leaves nothing to hold, to hand over or to escalate until something is open again', async () => {
    const caseId = await team.newCase('done');
    let { version } = (await team.command(`/v1/cases/${caseId}/decide`, uphold, { ifMatch: 1 })).body;
    ({ version } = (await team.command(`/v1/cases/${caseId}/claim`, undefined, { ifMatch: version })).body);
    const commands: readonly (readonly [string, object])[] = [
      ['hold', { reason: 'Lunch.' }],
      ['hand-over', { to: 'robin', reason: 'Knows him.' }],
      ['escalate', { reason: 'A streamer.' }],
    ];
    for (const [verb, body] of commands) {
      const refused = await team.command<Problem>(`/v1/cases/${caseId}/${verb}`, body, { ifMatch: version });
      expect([verb, refused.status, refused.body.type]).toEqual([verb, 409, 'urn:ringside:problem:wrong_state']);
      expect(refused.body.detail).toContain('Nothing is open in this case');
    }
    const reverted = await team.command(
      `/v1/decisions/${caseId}.1/revert`,
      { reason: 'The wrong account.' },
      { as: person('lena', 'lead') },
    );
    ({ version } = reverted.body);
    expect((await team.command(`/v1/cases/${caseId}/escalate`, { reason: 'A streamer.' }, { ifMatch: version })).status).toBe(
      200,
    );
  });

  it('is not for anybody but the holder while there is one, who is named, and until when', async () => {
    const caseId = await team.newCase('held-by-another');
    const { body } = await team.command(`/v1/cases/${caseId}/claim`, undefined, { ifMatch: 1, as: robin });
    const refused = await team.command<Problem>(`/v1/cases/${caseId}/decide`, uphold, { ifMatch: body.version });
    expect([refused.status, refused.body.detail]).toEqual([
      409,
      expect.stringContaining('robin holds the case until 2026-01-31T13:30:00.000Z'),
    ]);
  });

  it('that needs approval waits for somebody else', async () => {
    const caseId = await team.newCase('banned');
    const claimed = await team.command(`/v1/cases/${caseId}/claim`, undefined, { ifMatch: 1, as: person('lena', 'lead') });
    const proposed = await team.command(`/v1/cases/${caseId}/decide`, permanently, {
      ifMatch: claimed.body.version,
      as: person('lena', 'lead'),
    });
    const { decisionId, version } = proposed.body;
    expect(proposed.body).toEqual({ decisionId: `${caseId}.2`, pendingApproval: true, version });
    const path = `/v1/decisions/${decisionId}`;
    expect((await team.get(path)).body).toMatchObject({ state: 'proposed', caseId, statementOfReasons: null });
    const own = await team.command<Problem>(`${path}/approve`, undefined, { ifMatch: version, as: person('lena', 'lead') });
    expect([own.status, own.body.detail]).toEqual([403, expect.stringContaining('Ask another approver')]);
    const approved = await team.command(`${path}/approve`, undefined, { ifMatch: version, as: person('avery', 'approver') });
    expect(approved.status).toBe(200);
    expect((await team.get(path)).body).toMatchObject({
      state: 'in_effect',
      approvedBy: 'avery',
      statementOfReasons: { decisionId, text: expect.stringContaining('Fair play rules, section 2.1') },
    });
    expect((await team.get(`${path}/dsa`)).body).toMatchObject({
      decision_account: 'DECISION_ACCOUNT_TERMINATED',
      automated_decision: 'AUTOMATED_DECISION_NOT_AUTOMATED',
    });
    const reverted = await team.command(
      `${path}/revert`,
      { reason: 'The wrong account.' },
      {
        ifMatch: approved.body.version,
        as: person('lena', 'lead'),
      },
    );
    expect(reverted.status).toBe(200);
    expect((await team.get(path)).body).toMatchObject({ state: 'reverted' });
  });

  it('is answered, and taken back, as it is now by whoever does not say which version they saw', async () => {
    const caseId = await team.newCase('unversioned');
    const { decisionId } = (await team.command(`/v1/cases/${caseId}/decide`, permanently, { ifMatch: 1 })).body;
    const path = `/v1/decisions/${decisionId}`;
    const read = await team.get<{ version: number }>(path);
    expect(read.headers.get('etag')).toBe(`"${read.body.version}"`);
    const lead = person('lena', 'lead');
    await team.command(`/v1/cases/${caseId}/note`, { text: 'Meanwhile.' }, { ifMatch: read.body.version });
    const stale = await team.command(`${path}/approve`, undefined, { ifMatch: read.body.version, as: lead });
    expect(stale.status).toBe(412);
    // Whoever is later is not stale, but there is nothing to answer any more.
    const approvals = await Promise.all(
      [lead, person('avery', 'approver')].map((as) => team.command<Taken & Problem>(`${path}/approve`, undefined, { as })),
    );
    expect(approvals.map(({ status }) => status).sort()).toEqual([200, 409]);
    const approved = approvals.find(({ status }) => status === 200)!.body;
    const reverted = await team.command(`${path}/revert`, { reason: 'The wrong account.' }, { as: lead });
    expect(reverted.status).toBe(200);
    expect([approved, reverted.body].map(({ version }) => partsOf(version).streamVersion)).toEqual([3, 4]);
  });

  it('of nobody is not found', async () => {
    const caseId = await team.newCase('undecided');
    for (const path of [`/v1/decisions/${caseId}.1`, '/v1/decisions/nonsense', `/v1/decisions/${'A'.repeat(22)}.1/dsa`]) {
      expect([path, (await team.get(path)).status]).toEqual([path, 404]);
    }
    const answer = await team.command(`/v1/decisions/${caseId}.1/approve`, undefined, {
      ifMatch: 1,
      as: person('avery', 'approver'),
    });
    expect(answer.status).toBe(404);
  });
});

describe('the documentation', () => {
  it('says who may use a route, and has every field of a decision', async () => {
    const { body } = await team.get<{
      readonly paths: Readonly<Record<string, Readonly<Record<string, { description: string; parameters: object[] }>>>>;
      readonly components: { readonly schemas: Readonly<Record<string, { properties: object }>> };
    }>('/docs/openapi.json');
    const operations = Object.entries(body.paths).filter(([path]) => path.startsWith('/v1/'));
    for (const [path, item] of operations) {
      for (const { description } of Object.values(item))
        expect([path, description]).toEqual([path, expect.stringMatching(/For the role \w+/)]);
    }
    const header = { in: 'header', name: 'If-Match' };
    const [approve, claim] = ['/v1/decisions/{decisionId}/approve', '/v1/cases/{caseId}/claim'].map(
      (path) => body.paths[path]!['post']!,
    );
    expect(approve!.parameters).toContainEqual(expect.objectContaining({ ...header, required: false }));
    expect(claim!.parameters).toContainEqual(expect.objectContaining({ ...header, required: true }));

    const caseId = await team.newCase('documented');
    const { decisionId } = (await team.command(`/v1/cases/${caseId}/decide`, uphold, { ifMatch: 1 })).body;
    const read = await team.get<{ statementOfReasons: object }>(`/v1/decisions/${decisionId}`);
    const fieldsOf = (schema: string) => Object.keys(body.components.schemas[schema]!.properties);
    expect(fieldsOf('DecisionDto')).toEqual(expect.arrayContaining(Object.keys(read.body)));
    expect(fieldsOf('StatementOfReasonsDto').sort()).toEqual(Object.keys(read.body.statementOfReasons).sort());
  });
});

describe('bad input', () => {
  let caseId: string;
  let version: number;
  beforeAll(async () => {
    caseId = await team.newCase('refused', 2);
    version = (await team.command(`/v1/cases/${caseId}/claim`, undefined, { ifMatch: 2 })).body.version;
  });

  it.each<[string, string, object | undefined, number, string]>([
    ['a decision on a case that somebody else holds', 'decide', uphold, 409, 'wrong_state'],
    ['a second hand on a claimed case', 'claim', undefined, 409, 'wrong_state'],
  ])('%s is refused', async (_what, verb, body, status, code) => {
    const answer = await team.command<Problem>(`/v1/cases/${caseId}/${verb}`, body, { ifMatch: version, as: robin });
    expect([answer.status, answer.body.type]).toEqual([status, `urn:ringside:problem:${code}`]);
    expect(answer.body.detail).toMatch(/^[A-Za-z].*\.$/);
  });

  it.each<[string, string, object, number, string]>([
    [
      'a sanction without duration',
      'decide',
      { ...uphold, sanctions: [{ kind: 'suspend' }] },
      422,
      '/sanctions/0/durationHours',
    ],
    ['a dismissal without facts', 'decide', { verdict: 'dismiss', facts: ' ' }, 400, '/facts'],
    ['facts too long', 'decide', { ...uphold, facts: 'x'.repeat(4_001) }, 400, '/facts'],
    ['a verdict of its own', 'decide', { ...uphold, verdict: 'guilty' }, 400, '/verdict'],
    ['upholding without a clause', 'decide', { ...uphold, clause: null }, 422, '/clause'],
    ['a clause without a name', 'decide', { ...uphold, clause: '' }, 400, '/clause'],
    [
      'half an hour',
      'decide',
      { ...uphold, sanctions: [{ kind: 'suspend', durationHours: 0.5 }] },
      400,
      '/sanctions/0/durationHours',
    ],
    ['a field where none is taken', 'claim', { foo: 1 }, 400, '/foo'],
    ['an unknown field', 'decide', { ...uphold, severity: 9 }, 400, '/severity'],
    ['a sanction that is no object', 'decide', { ...uphold, sanctions: ['ban'] }, 400, '/sanctions/0'],
    ['a control character', 'note', { text: 'a\u0000b' }, 400, '/text'],
    ['a hold without a reason', 'hold', {}, 400, '/reason'],
    ['a hand-over to nobody', 'hand-over', { to: '', reason: 'Late.' }, 400, '/to'],
    ['a hand-over to a blank', 'hand-over', { to: ' ', reason: 'Late.' }, 400, '/to'],
    ['a hand-over to whom nobody can see', 'hand-over', { to: '\u200b\u2060', reason: 'Late.' }, 400, '/to'],
    ['a name with a space behind it', 'hand-over', { to: 'robin ', reason: 'Late.' }, 400, '/to'],
    ['facts that nobody can see', 'decide', { ...uphold, facts: '\u200b\u2060' }, 400, '/facts'],
    ['a blank clause', 'decide', { ...uphold, clause: ' ' }, 400, '/clause'],
  ])('%s is told where it is', async (_what, verb, body, status, pointer) => {
    const answer = await team.command<Problem>(`/v1/cases/${caseId}/${verb}`, body, { ifMatch: version });
    expect([answer.status, answer.body.errors]).toEqual([
      status,
      [expect.objectContaining({ pointer, detail: expect.stringMatching(/\w/) })],
    ]);
  });

  it('a decision with several faults is told them all', async () => {
    const sanctions = [
      { kind: 'suspend' },
      { kind: 'warn' },
      { kind: 'warn' },
      { kind: 'ban' },
      { kind: 'mute', durationHours: 1 },
    ];
    const { status, body } = await team.command<Problem>(
      `/v1/cases/${caseId}/decide`,
      { verdict: 'uphold', facts: 'Aims.', sanctions },
      { ifMatch: version },
    );
    expect(status).toBe(422);
    expect(body.errors).toEqual([
      { pointer: '/clause', detail: 'Name the clause that was broken.' },
      { pointer: '/sanctions/0/durationHours', detail: 'Say for how many hours to suspend.' },
      { pointer: '/sanctions/2/kind', detail: 'Impose warn once.' },
      { pointer: '/sanctions/4/kind', detail: expect.stringContaining('does not impose mute') },
    ]);
  });

  it.each<[string, { ifMatch: number | string | null; key?: string }, number]>([
    ['no version', { ifMatch: null }, 428],
    ['a weak version', { ifMatch: 'W/"1"' }, 400],
    ['a version of anything', { ifMatch: '*' }, 400],
    ['a version without quotes', { ifMatch: '1' }, 400],
    ['a version with leading zeros', { ifMatch: '"00001"' }, 400],
    ['a stale version', { ifMatch: 2 }, 412],
    ['a version from the future', { ifMatch: 9 * revisionsPerStep }, 412],
    ['a version with more reports than there are', { ifMatch: revisionsPerStep + 1_000 }, 412],
    ['a key with a space', { ifMatch: 1, key: 'a b' }, 400],
    ['a key too long', { ifMatch: 1, key: 'k'.repeat(129) }, 400],
  ])('%s is refused', async (_what, how, status) => {
    const answer = await team.command<Problem>(`/v1/cases/${caseId}/note`, { text: 'Hello.' }, how);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/problem+json']);
  });

  it('an unknown case, and a case of another team, are not found', async () => {
    const unknown = await team.command(`/v1/cases/${'x'.repeat(22)}/claim`, undefined, { ifMatch: 1 });
    expect(unknown.status).toBe(404);
    const foreign = await team.command(`/v1/cases/${caseId}/claim`, undefined, {
      ifMatch: version,
      as: { sub: 'spy', teams: ['abuse'], roles: ['lead'] },
    });
    expect(foreign.status).toBe(404);
    expect((await team.get(`/v1/cases/${caseId}`, { sub: 'spy', teams: ['abuse'], roles: ['lead'] })).status).toBe(404);
    expect((await team.get('/v1/cases', { sub: 'spy', teams: ['abuse'], roles: ['lead'] })).status).toBe(403);
  });

  it('a missing, invalid or expired token is refused with 401, and a role that may only read with 403', async () => {
    const path = `/v1/cases/${caseId}/note`;
    const note = { text: 'Hello.' };
    expect((await team.command(path, note, { ifMatch: version, as: null })).status).toBe(401);
    const send = async (authorization: string): Promise<number> => {
      const headers = { authorization, 'if-match': `"${version}"`, 'content-type': 'application/json' };
      const init = { method: 'POST', headers, body: JSON.stringify(note), as: null };
      return (await team.ring.request('working-team', path, init)).status;
    };
    expect(await send('Bearer nonsense')).toBe(401);
    expect(await send(`Bearer ${await tokenFor({ teams: [rules.team], roles: ['lead'] }, { seconds: -60 })}`)).toBe(401);
    expect((await team.command(path, note, { ifMatch: version, as: person('robin', 'read_only') })).status).toBe(403);
    expect(
      (await team.command(`/v1/cases/${caseId}/decide`, uphold, { ifMatch: version, as: person('a', 'approver') })).status,
    ).toBe(403);
  });

  it('a case whose home is another region is sent there', async () => {
    await team.ring.publish(aReport({ subjectId: 'abroad', subjectHomeRegion: 'eu-west' }));
    await team.ring.settle();
    const { body } = await team.get<{ cases: { caseId: string }[] }>('/v1/players/abroad');
    const answer = await team.command<Problem>(`/v1/cases/${body.cases[0]!.caseId}/claim`, undefined, { ifMatch: 1 });
    expect([answer.status, answer.body.homeRegion]).toEqual([421, 'eu-west']);
    expect(answer.body.detail).toContain('eu-west');
    expect(await team.published(body.cases[0]!.caseId)).toEqual([]);
  });

  it('stores nothing', async () => {
    expect(await team.published(caseId)).toHaveLength(1);
    const after = await team.command(`/v1/cases/${caseId}/note`, { text: 'Still here.' }, { ifMatch: version });
    expect([after.status, after.body.version]).toEqual([200, version + revisionsPerStep]);
  });
});
