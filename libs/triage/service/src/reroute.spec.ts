import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { caseIdOf } from '@ringside/casework';
import {
  decodeEvent,
  reportEvidenceTopic,
  reportsTopic,
  type ReportRerouted,
  type RingsideEvent,
  type Topic,
} from '@ringside/events';
import { aReport, evidenceOf, openTestRing, until, workOnCase, type TestRing } from '@ringside/testing';

import { service } from './others-triage.js';

const at = '2026-01-31T12:00:00.000Z';
const ann = { sub: 'ann', teams: ['others-triage'], roles: ['case_worker'] };

let ring: TestRing;
beforeAll(async () => {
  ring = await openTestRing([service], { clock: () => Date.parse(at) });
});
afterAll(() => ring.close());

/** A case about this player that ann has claimed, with reports of these reasons. */
async function claimedCase(subjectId: string, ...reasons: string[]) {
  const reports = reasons.map((reason, i) => aReport({ subjectId, reason, reporterId: `p${i}`, matchId: `m${i}` }));
  await ring.publish(...reports);
  await ring.settle();
  const caseId = caseIdOf('others-triage', 'stormfall', subjectId);
  const { command, saw } = workOnCase(ring, { service: 'others-triage', caseId, as: ann, version: reasons.length });
  expect((await command('claim', {})).status).toBe(200);
  /** As whoever reads the case again: what came meanwhile is seen. */
  const readAgain = async (): Promise<void> => saw((await caseView(caseId)).body.version);
  return { caseId, reports, reportIds: reports.map(({ data }) => data.reportId), command, readAgain };
}

async function eventsAbout({ topic, partitions }: Topic, subjectId: string): Promise<readonly RingsideEvent[]> {
  const events: RingsideEvent[] = [];
  for (let partition = 0; partition < partitions; partition++) {
    for await (const { bytes } of ring.log.read({ topic, partition })) {
      const decoded = decodeEvent(bytes);
      if (decoded.ok && 'subjectId' in decoded.value.data && decoded.value.data.subjectId === subjectId)
        events.push(decoded.value);
    }
  }
  return events;
}

const reroutingsAbout = async (subjectId: string): Promise<readonly ReportRerouted[]> =>
  (await eventsAbout(reportsTopic, subjectId)).filter((event) => event.type === 'ReportRerouted');

const caseView = (caseId: string) =>
  ring.request<{ version: number; status: string; reasons: object }>('others-triage', `/v1/cases/${caseId}`, { as: ann });

describe('rerouting', () => {
  it('tells the receiving team the whole report, and lets it go here', async () => {
    const { caseId, reportIds, command } = await claimedCase('aims', 'other', 'griefing');
    expect((await command('reroute', { reason: 'aimbot' })).status).toBe(200);
    await until('both are on the log', async () => (await reroutingsAbout('aims')).length === 2);
    expect(await reroutingsAbout('aims')).toEqual(
      expect.arrayContaining(
        reportIds.map((reportId, i) =>
          expect.objectContaining({
            stream: `report-${reportId}`,
            data: {
              ...{
                reportId,
                game: 'stormfall',
                subjectId: 'aims',
                subjectHomeRegion: 'local',
                filedAt: at,
                hasEvidence: false,
              },
              ...{ reporterId: `p${i}`, matchId: `m${i}`, reason: 'aimbot', priorReasons: [['other', 'griefing'][i]] },
              ...{ reroutedAt: at, reroutedBy: 'others-triage' },
            },
          }),
        ),
      ),
    );
    await ring.settle();
    expect((await caseView(caseId)).body).toMatchObject({ status: 'decided', reasons: {} });
  });

  it('sends the evidence after its report', async () => {
    const { reports, command } = await claimedCase('seen', 'other');
    await ring.publish(evidenceOf(reports[0]!, { description: 'Watch the second round.' }));
    await ring.settle();
    expect((await command('reroute', { reason: 'wallhack' })).status).toBe(200);
    await until('it is on the log under its new reason', async () => {
      const filed = await eventsAbout(reportEvidenceTopic, 'seen');
      return filed.some((event) => event.type === 'ReportEvidenceFiled' && event.data.reason === 'wallhack');
    });
  });

  it('keeps here what nobody owns, and knows where it has been when it goes on', async () => {
    const { caseId, reportIds, command, readAgain } = await claimedCase('sabotages', 'other', 'other');
    const [first] = reportIds;
    expect((await command('reroute', { reason: 'team_sabotage', reportIds: [first] })).status).toBe(200);
    await until('it is here under its new reason', async () => {
      const { body } = await caseView(caseId);
      return 'team_sabotage' in body.reasons;
    });
    expect((await command('reroute', { reason: 'harassment', reportIds: [first] })).status).toBe(422);
    await readAgain();
    expect((await command('reroute', { reason: 'harassment', reportIds: [first] })).status).toBe(200);
    await until('it is gone', async () => (await reroutingsAbout('sabotages')).length === 2);
    const last = (await reroutingsAbout('sabotages')).find(({ data }) => data.reason === 'harassment');
    expect(last).toMatchObject({ sequence: 3, data: { priorReasons: ['other', 'team_sabotage'] } });
  });

  it('is answered alike when it is sent again, though the reports are gone by then', async () => {
    const { command } = await claimedCase('twice', 'other');
    const once = { idempotencyKey: 'reroute-1' };
    const first = await command('reroute', { reason: 'macro' }, once);
    await ring.settle();
    expect(first.status).toBe(200);
    expect((await command('reroute', { reason: 'macro' }, once)).status).toBe(200);
    await ring.settle();
    expect(new Set((await reroutingsAbout('twice')).map(({ id }) => id)).size).toBe(1);
  });

  it.each<[string, object, number, string]>([
    ['no reason', {}, 400, '/reason'],
    ['what is no reason', { reason: 'DROP TABLE' }, 400, '/reason'],
    ['an empty list', { reason: 'aimbot', reportIds: [] }, 400, '/reportIds'],
    ['reports of another case', { reason: 'aimbot', reportIds: ['elsewhere'] }, 422, '/reportIds'],
  ])('refuses %s', async (what, body, status, pointer) => {
    const { command } = await claimedCase(`refused-${what.length}`, 'other');
    expect(await command('reroute', body)).toMatchObject({ status, body: { errors: [{ pointer }] } });
  });
});

describe('closing', () => {
  it('takes a reason, and upholds nothing', async () => {
    const { caseId, command } = await claimedCase('tasteless', 'other');
    expect(await command('decide', { verdict: 'uphold', facts: 'Rude.', sanctions: [] })).toMatchObject({ status: 422 });
    expect((await command('decide', { verdict: 'dismiss', facts: 'A matter of taste.' })).status).toBe(200);
    await until('the case is decided', async () => (await caseView(caseId)).body.status === 'decided');
  });
});
