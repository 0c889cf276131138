import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { caseIdOf } from '@ringside/casework';
import { UnavailableError, type Clock } from '@ringside/core';
import type { Logger } from '@ringside/platform';
import { aReport, until } from '@ringside/testing';
import type { ViewStore } from '@ringside/view-store';

import type { CaseCommands } from '../casework/case-commands.js';
import { casey, openWorkingRing, person, type Problem, type WorkingRing } from '../casework/working-ring.fixture.js';
import { rules, uphold, workingService } from '../casework/working-team.fixture.js';
import type { SubscriberRuntime } from '../runtime.js';
import { Bulks, type BulkView } from './bulks.js';
import { markOpen, openBulksTable, openMarks } from './open-bulks.js';

interface Parts {
  readonly runtime: SubscriberRuntime;
  readonly store: ViewStore;
  readonly commands: CaseCommands;
  readonly clock: Clock;
  readonly timer: NodeJS.Timeout;
}

let team: WorkingRing;
beforeAll(async () => {
  team = await openWorkingRing();
  // Whoever looks here does so when a spec asks for it.
  clearInterval(theParts().timer);
});
afterAll(() => team.close());

const lena = person('lena', 'lead');
const lars = person('lars', 'lead');

async function newCases(count: number, game: string): Promise<readonly string[]> {
  const subjects = Array.from({ length: count }, (_, i) => `${game}-${i}`);
  await team.ring.publish(...subjects.map((subjectId) => aReport({ subjectId, game, reporterId: `by-${subjectId}` })));
  await team.ring.settle();
  return subjects.map((subjectId) => caseIdOf(rules.team, game, subjectId));
}

const bulk = <Body = BulkView>(body: object, as: typeof lena = lena, key?: string) =>
  team.command<Body>('/v1/cases:bulk', body, { as, ...(key === undefined ? {} : { key }) });
const outcomesOf = ({ results }: Pick<BulkView, 'results'>): readonly string[] => results.map(({ outcome }) => outcome);
const typesOf = async (caseId: string): Promise<readonly string[]> => (await team.published(caseId)).map(({ type }) => type);
const claim = { kind: 'claim' };

const lead = { sub: 'lars', teams: [rules.team], roles: ['lead' as const] };
const theParts = (): Parts => team.ring.service(workingService.name).app.get(Bulks) as unknown as Parts;

async function openBulks(): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { bulkId } of openMarks(theParts().store)) found.push(bulkId);
  return found;
}

/** A mark as older versions made them. */
const markAsBefore = (bulkId: string, version: number) =>
  theParts().store.write([
    { kind: 'put', table: openBulksTable, partition: 'open', key: bulkId, timestamp: version * 2, value: { version } },
  ]);

let logged: object[];
beforeEach(() => {
  logged = [];
});

/** The bulks of another process, in which commands, and the time, may go otherwise. */
function bulksOf(different: Partial<Pick<CaseCommands, 'giveAs' | 'tryAs'>> = {}, clock: Clock = theParts().clock): Bulks {
  const { runtime, store, commands } = theParts();
  const logger = { error: (line: object) => logged.push(line), warn: () => undefined } as unknown as Logger;
  return new Bulks(runtime, store, Object.assign(Object.create(commands) as CaseCommands, different), clock, logger);
}

const refusing =
  (error: Error, where: (caseId: string) => boolean): CaseCommands['giveAs'] =>
  (given) =>
    where(given.caseId) ? Promise.reject(error) : theParts().commands.giveAs(given);

describe('a bulk', () => {
  it('is a dry run unless it says otherwise: one result per case, and nothing is stored', async () => {
    const [first, second] = await newCases(2, 'dry');
    await team.command(`/v1/cases/${first}/claim`, undefined, { ifMatch: 1, as: casey });
    await team.ring.settle();
    const caseIds = [first, second, 'unknown'];
    const { status, body } = await bulk({ caseIds, command: claim });
    expect([status, body.state, outcomesOf(body)]).toEqual([200, 'dry_run', ['wrong_state', 'done', 'not_found']]);
    expect(body.results[0]!.detail).toContain('casey holds the case');
    expect(await typesOf(second!)).toEqual([]);
  });

  it('gives its command to each case, once under one key, and is undone as one batch', async () => {
    const caseIds = await newCases(3, 'batch');
    await team.command(`/v1/cases/${caseIds[2]}/claim`, undefined, { ifMatch: 1, as: casey });
    await team.ring.settle();
    const done = await bulk({ caseIds, command: claim, dryRun: false }, lena, 'claims');
    expect([done.status, done.body.state, outcomesOf(done.body)]).toEqual([200, 'done', ['done', 'done', 'wrong_state']]);
    const again = await bulk({ caseIds, command: claim, dryRun: false }, lena, 'claims');
    expect(again.body).toEqual(done.body);
    const other = await bulk<Problem>({ caseIds, command: { kind: 'note', text: 'x' }, dryRun: false }, lena, 'claims');
    expect(other.status).toBe(409);

    await team.ring.settle();
    const decided = await bulk({ caseIds: caseIds.slice(0, 2), command: { kind: 'decide', ...uphold }, dryRun: false });
    expect(outcomesOf(decided.body)).toEqual(['done', 'done']);
    expect(await typesOf(caseIds[0]!)).toEqual(['CaseClaimed', 'DecisionMade']);
    const undone = await team.command<BulkView>(`/v1/bulks/${decided.body.bulkId}/undo`, undefined, { as: lars });
    expect([undone.status, undone.body.state, undone.body.undoneBy]).toEqual([202, 'undone', 'lars']);
    expect(undone.body.undoResults.map(({ outcome }) => outcome)).toEqual(['done', 'done']);
    expect(await typesOf(caseIds[1]!)).toEqual(['CaseClaimed', 'DecisionMade', 'DecisionReverted']);
    const twice = await team.command<Problem>(`/v1/bulks/${decided.body.bulkId}/undo`, undefined, { as: lars });
    expect([twice.status, twice.body.detail]).toEqual([409, 'The bulk was undone already.']);
  });

  it('when it is undone, does not take from others what they claimed or put on hold since', async () => {
    const [kept, passed] = await newCases(2, 'undone');
    const claimed = await bulk({ caseIds: [kept, passed], command: claim, dryRun: false });
    expect(outcomesOf(claimed.body)).toEqual(['done', 'done']);
    await team.ring.settle();
    const as = lena;
    await team.command(`/v1/cases/${passed}/release`, undefined, { ifMatch: await team.versionOf(passed!), as });
    await team.ring.settle();
    await team.command(`/v1/cases/${passed}/claim`, undefined, { ifMatch: await team.versionOf(passed!), as: casey });
    const undone = await team.command<BulkView>(`/v1/bulks/${claimed.body.bulkId}/undo`, undefined, { as: lars });
    expect(undone.body.undoResults.map(({ outcome }) => outcome)).toEqual(['done', 'wrong_state']);
    expect(await typesOf(kept!)).toEqual(['CaseClaimed', 'CaseReleased']);
    expect(await typesOf(passed!)).toEqual(['CaseClaimed', 'CaseReleased', 'CaseClaimed']);
  });

  it('leaves alone a case that had another step since it was asked for', async () => {
    const caseIds = await newCases(51, 'stale');
    const asked = await bulk({ caseIds, command: { kind: 'note', text: 'Seen.' }, dryRun: false });
    await team.command(`/v1/cases/${caseIds[7]}/claim`, undefined, { ifMatch: 1, as: casey });
    const path = `/v1/bulks/${asked.body.bulkId}`;
    await team.command(`${path}/approve`, undefined, { as: lars });
    await until('the bulk is done', async () => (await team.get<BulkView>(path, lena)).body.state === 'done');
    const outcomes = outcomesOf((await team.get<BulkView>(path, lena)).body);
    expect(outcomes.filter((outcome) => outcome !== 'done')).toEqual(['stale_version']);
    expect(await typesOf(caseIds[7]!)).toEqual(['CaseClaimed']);
  }, 60_000);

  it('above 50 cases waits for somebody else, shows its progress, and takes its cases from a filter', async () => {
    const caseIds = await newCases(51, 'raid');
    const command = { kind: 'note', text: 'Part of the raid.' };
    const asked = await bulk({ filter: { game: 'raid' }, command, dryRun: false });
    expect([asked.status, asked.body.state, asked.body.cases]).toEqual([202, 'pending_approval', 51]);
    const path = `/v1/bulks/${asked.body.bulkId}`;
    expect(await typesOf(caseIds[0]!)).toEqual([]);
    expect((await team.command<Problem>(`${path}/undo`, undefined, { as: lena })).status).toBe(409);
    const own = await team.command<Problem>(`${path}/approve`, undefined, { as: lena });
    expect([own.status, own.body.detail]).toEqual([403, expect.stringContaining('Ask another lead or approver')]);
    expect((await team.command(`${path}/approve`, undefined, { as: casey })).status).toBe(403);
    const approved = await team.command<BulkView>(`${path}/approve`, undefined, { as: person('avery', 'approver') });
    expect([approved.status, approved.body.approvedBy]).toEqual([202, 'avery']);
    await until('the bulk is done', async () => (await team.get<BulkView>(path, lena)).body.state === 'done');
    const { body } = await team.get<BulkView>(path, lena);
    expect([body.finished, new Set(outcomesOf(body))]).toEqual([51, new Set(['done'])]);
    expect((await team.command<Problem>(`${path}/approve`, undefined, { as: lars })).status).toBe(409);
    for (const caseId of caseIds) expect(await typesOf(caseId)).toEqual(['CaseNoted']);
  }, 60_000);

  it('that waits for approval can be rejected, with a reason, and is never done then', async () => {
    const caseIds = await newCases(51, 'refused');
    const asked = await bulk({ caseIds, command: { kind: 'note', text: 'No.' }, dryRun: false });
    const path = `/v1/bulks/${asked.body.bulkId}`;
    const reason = 'These are two raids.';
    expect((await team.command(`${path}/reject`, { reason }, { as: casey })).status).toBe(403);
    expect((await team.command(`${path}/reject`, {}, { as: lars })).status).toBe(400);
    const rejected = await team.command<BulkView>(`${path}/reject`, { reason }, { as: person('avery', 'approver') });
    expect([rejected.status, rejected.body]).toMatchObject([200, { state: 'rejected', rejected: { by: 'avery', reason } }]);
    for (const step of ['approve', 'reject', 'undo']) {
      const given = step === 'reject' ? { reason } : undefined;
      expect((await team.command<Problem>(`${path}/${step}`, given, { as: lars })).status).toBe(409);
    }
    team.clock.now += 120_000;
    expect(await team.ring.service(workingService.name).app.get(Bulks).resume()).toBe(0);
    expect((await team.get<BulkView>(path, lena)).body).toMatchObject({ state: 'rejected', finished: 0 });
    expect(await typesOf(caseIds[0]!)).toEqual([]);
  }, 60_000);

  it('goes on after a crash, and does no case twice', async () => {
    const caseIds = await newCases(51, 'crash');
    const asked = await bulk({ caseIds, command: { kind: 'note', text: 'Once.' }, dryRun: false });
    const path = `/v1/bulks/${asked.body.bulkId}`;
    const { commands } = theParts();
    // As a process dies: the third case has taken its command, and its result is not kept.
    let given = 0;
    const dying = bulksOf({
      giveAs: async (command) => {
        const answer = await commands.giveAs(command);
        given += 1;
        return given === 3 ? new Promise(() => undefined) : answer;
      },
    });
    await dying.approve(asked.body.bulkId, lead);
    await until('it has died', () => given === 3);
    const view = async (): Promise<BulkView> => (await team.get<BulkView>(path, lena)).body;
    await until('it is left alone', async () => (await view()).finished === 2);
    expect((await view()).state).toBe('running');
    const another = bulksOf();
    expect(await another.resume()).toBe(0); // somebody may be at it still
    team.clock.now += 120_000;
    expect(await another.resume()).toBe(1);
    expect(await view()).toMatchObject({ state: 'done', finished: 51 });
    for (const caseId of caseIds) expect(await typesOf(caseId)).toEqual(['CaseNoted']);
    expect(await another.resume()).toBe(0);
  }, 60_000);

  it('keeps what nobody foresaw as the result of its case, says no more of it than that, and goes on', async () => {
    const caseIds = await newCases(3, 'faulty');
    const { commands } = theParts();
    const failing = { giveAs: refusing(new Error('row 7 is damaged'), (caseId) => caseId === caseIds[1]) };
    const bulks = bulksOf(failing);
    const asked = { identity: lead, idempotencyKey: undefined, caseIds, command: { kind: 'note', text: 'Seen.' } as const };
    const done = await bulks.request({ ...asked, asked });
    expect([done.state, outcomesOf(done)]).toEqual(['done', ['done', 'internal', 'done']]);
    expect(done.results[1]!.detail).toMatch(/fault is on the side of the service/);
    expect(logged).toMatchObject([{ caseId: caseIds[1], err: { message: 'row 7 is damaged' } }]);
    expect((await bulks.undo(done.bulkId, lead)).undoResults.map(({ outcome }) => outcome)).toEqual([
      'not_undoable',
      'not_done',
      'not_undoable',
    ]);
    const trying = bulksOf({
      tryAs: ({ caseId, ...given }) =>
        caseId === caseIds[0] ? Promise.reject(new Error('no')) : commands.tryAs({ caseId, ...given }),
    });
    expect((await trying.dryRun(asked)).map(({ outcome }) => outcome)).toEqual(['internal', 'done', 'done']);
  });

  it('goes on when the store is back, and those behind it do not wait for it', async () => {
    const caseIds = await newCases(4, 'away');
    const gone = new UnavailableError('view-store', 'away');
    const away = bulksOf({ giveAs: refusing(gone, () => true) });
    for (const pair of [caseIds.slice(0, 2), caseIds.slice(2)]) {
      const asked = { identity: lead, idempotencyKey: undefined, caseIds: pair, command: { kind: 'claim' } as const };
      await expect(away.request({ ...asked, asked })).rejects.toThrow(gone);
    }
    const open = await openBulks();
    expect(open).toHaveLength(2);
    // The store is away for the first case that is looked at, whichever bulk's.
    let first: string | undefined;
    const later = () => team.clock.now + 120_000;
    expect(await bulksOf({ giveAs: refusing(gone, (caseId) => caseId === (first ??= caseId)) }, later).resume()).toBe(1);
    expect(await openBulks()).toEqual([open[0]]);
    expect(await away.view(open[0]!)).toMatchObject({ state: 'running', finished: 0 });
    expect(await bulksOf({}, later).resume()).toBe(1);
    expect(await away.view(open[0]!)).toMatchObject({ state: 'done', results: [{ outcome: 'done' }, { outcome: 'done' }] });
    for (const caseId of caseIds) expect(await typesOf(caseId)).toEqual(['CaseClaimed']);
  });

  it('that broke off is found behind any number of marks whose bulks never came', async () => {
    const caseIds = await newCases(2, 'behind');
    const { store } = theParts();
    const away = bulksOf({ giveAs: refusing(new UnavailableError('view-store', 'away'), () => true) });
    const asked = { identity: lead, idempotencyKey: 'behind', caseIds, command: { kind: 'claim' } as const };
    await expect(away.request({ ...asked, asked })).rejects.toThrow(UnavailableError);
    const [brokenOff] = await openBulks();
    const nowhere = Array.from({ length: 1_000 }, (_, i) => `-${String(i).padStart(4, '0')}`);
    await Promise.all(nowhere.map((bulkId) => markOpen(store, bulkId, 1, team.clock.now)));
    expect((await openBulks()).at(-1)).toBe(brokenOff);
    expect(await bulksOf().resume()).toBe(0);
    expect(await openBulks()).toHaveLength(1_001); // whoever made them may be about to take the step
    team.clock.now += 60_000;
    expect(await bulksOf().resume()).toBe(1);
    expect(await openBulks()).toEqual([]);
    expect(await away.view(brokenOff!)).toMatchObject({ state: 'done', finished: 2 });
  }, 60_000);

  it('of an older version is gone on with, and a mark of one that never came gets as long as a new one', async () => {
    const caseIds = await newCases(2, 'before');
    const { store } = theParts();
    const away = bulksOf({ giveAs: refusing(new UnavailableError('view-store', 'away'), () => true) });
    const asked = { identity: lead, idempotencyKey: undefined, caseIds, command: { kind: 'claim' } as const };
    await expect(away.request({ ...asked, asked })).rejects.toThrow(UnavailableError);
    const [bulkId] = await openBulks();
    for await (const { row } of openMarks(store)) {
      await store.write([{ kind: 'delete', table: openBulksTable, partition: 'open', ...row, timestamp: 2 }]);
    }
    await markAsBefore(bulkId!, 1);
    await markAsBefore('never-came', 1);
    team.clock.now += 120_000;
    expect(await bulksOf().resume()).toBe(1);
    expect(await openBulks()).toEqual(['never-came']);
    team.clock.now += 59_999;
    expect(await bulksOf().resume()).toBe(0);
    expect(await openBulks()).toEqual(['never-came']);
    team.clock.now += 1;
    expect(await bulksOf().resume()).toBe(0);
    expect(await openBulks()).toEqual([]);
  });

  it('can still be asked for under its key when its mark was taken back, and is marked again', async () => {
    const caseIds = await newCases(1, 'again');
    const { store } = theParts();
    const asked = { identity: lead, idempotencyKey: 'again', caseIds, command: { kind: 'claim' } as const };
    // The store is away when the step is to be taken.
    const failing = bulksOf();
    const gone = new UnavailableError('view-store', 'away');
    const withoutSteps = { appendToStream: { value: () => Promise.reject(gone) } };
    Object.assign(failing, { store: Object.create(store, withoutSteps) as ViewStore });
    await expect(failing.request({ ...asked, asked })).rejects.toThrow(gone);
    expect(await openBulks()).toHaveLength(1);
    team.clock.now += 60_000;
    expect(await bulksOf().resume()).toBe(0);
    expect(await openBulks()).toEqual([]);
    const away = bulksOf({ giveAs: refusing(gone, () => true) });
    await expect(away.request({ ...asked, asked })).rejects.toThrow(gone);
    team.clock.now += 60_000;
    expect(await bulksOf().resume()).toBe(1);
    expect(await openBulks()).toEqual([]);
    expect(await typesOf(caseIds[0]!)).toEqual(['CaseClaimed']);
  });

  it('that waits for approval is not open, whatever else is asked for under its key or came too late', async () => {
    const caseIds = await newCases(51, 'pending');
    const command = { kind: 'note', text: 'Wait.' };
    const pending = await bulk({ caseIds, command, dryRun: false }, lena, 'pending');
    expect(pending.body.state).toBe('pending_approval');
    const other = await bulk<Problem>({ caseIds: caseIds.slice(0, 1), command, dryRun: false }, lena, 'pending');
    expect([other.status, await openBulks()]).toEqual([409, []]);
    // As whoever asked for the other one at the same time, and was cut off.
    await markOpen(theParts().store, pending.body.bulkId, 1, team.clock.now);
    expect(await bulksOf().resume()).toBe(0);
    expect(await openBulks()).toEqual([]);
    // As whoever was to approve it, and was cut off.
    await markOpen(theParts().store, pending.body.bulkId, 2, team.clock.now);
    expect(await bulksOf().resume()).toBe(0);
    expect(await openBulks()).toEqual([pending.body.bulkId]);
    team.clock.now += 60_000;
    expect(await bulksOf().resume()).toBe(0);
    expect(await openBulks()).toEqual([]);
    const approved = await team.command<BulkView>(`/v1/bulks/${pending.body.bulkId}/approve`, undefined, { as: lars });
    expect(approved.status).toBe(202);
    await until('it is done', async () => (await openBulks()).length === 0);
    expect(await typesOf(caseIds[50]!)).toEqual(['CaseNoted']);
  }, 60_000);

  it.each<[string, object, number, string | undefined]>([
    ['neither cases nor a filter', { command: claim }, 400, ''],
    ['both', { caseIds: ['a'], filter: {}, command: claim }, 400, ''],
    ['an unknown command', { caseIds: ['a'], command: { kind: 'tick' } }, 400, '/command/kind'],
    ['a field that the command has not', { caseIds: ['a'], command: { kind: 'claim', text: 'x' } }, 400, '/command/text'],
    [
      'facts too long',
      { caseIds: ['a'], command: { kind: 'decide', ...uphold, facts: 'x'.repeat(4_001) } },
      400,
      '/command/facts',
    ],
    ['a case without a name', { caseIds: [''], command: claim, dryRun: false }, 400, '/caseIds'],
    ['a case on two lines', { caseIds: ['a\nb'], command: claim, dryRun: false }, 400, '/caseIds'],
    ['a case twice', { caseIds: ['a', 'a'], command: claim }, 400, '/caseIds'],
    ['too many cases', { caseIds: Array.from({ length: 1_001 }, (_, i) => `c${i}`), command: claim }, 400, '/caseIds'],
    ['a filter that is none', { filter: { colour: 'red' }, command: claim }, 400, '/filter/colour'],
  ])('is refused with %s', async (_what, body, status, pointer) => {
    const answer = await bulk<Problem>(body);
    expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([status, pointer]);
  });

  it('is for case workers and leads, undoing for leads, and unknown bulks are not found', async () => {
    expect((await bulk({ caseIds: ['a'], command: claim }, person('robin', 'read_only'))).status).toBe(403);
    expect((await team.command('/v1/bulks/none/undo', undefined, { as: casey })).status).toBe(403);
    expect((await team.command('/v1/bulks/none/undo', undefined, { as: lena })).status).toBe(404);
    expect((await team.get('/v1/bulks/none', lena)).status).toBe(404);
  });
});
