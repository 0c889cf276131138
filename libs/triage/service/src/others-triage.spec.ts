import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeEvent, reportEvidenceTopic, type RingsideEvent } from '@ringside/events';
import { aReport, evidenceOf, openTestRing, rerouted, type TestRing } from '@ringside/testing';

import { service } from './others-triage.js';

let ring: TestRing;
beforeAll(async () => {
  ring = await openTestRing([service]);
});
afterAll(() => ring.close());

async function casesAbout(subjectId: string): Promise<readonly { status: string; reasons: object }[]> {
  const answer = await ring.request<{ cases: { status: string; reasons: object }[] }>(
    'others-triage',
    `/v1/players/${subjectId}`,
  );
  return answer.body.cases;
}

async function evidenceOnTheLog(reportId: string): Promise<readonly RingsideEvent[]> {
  const events: RingsideEvent[] = [];
  for (let partition = 0; partition < reportEvidenceTopic.partitions; partition++) {
    for await (const { bytes } of ring.log.read({ topic: reportEvidenceTopic.topic, partition })) {
      const decoded = decodeEvent(bytes);
      if (decoded.ok && decoded.value.type === 'ReportEvidenceFiled' && decoded.value.data.reportId === reportId)
        events.push(decoded.value);
    }
  }
  return events;
}

describe('others-triage', () => {
  it('captures what no team owns and what nobody knows, and nothing else', async () => {
    const reasons = ['griefing', 'other', 'not_known_yet', 'aimbot', 'harassment', 'spam'];
    await ring.publish(...reasons.map((reason) => aReport({ subjectId: 'mixed', reason })));
    await ring.settle();
    expect(await casesAbout('mixed')).toMatchObject([{ reasons: { griefing: 1, other: 1, not_known_yet: 1 } }]);
  });

  it('lets a report go that a triager gave to a team', async () => {
    const report = aReport({ subjectId: 'gone', reason: 'other' });
    await ring.publish(report, rerouted(report, 'aimbot'));
    await ring.settle();
    expect(await casesAbout('gone')).toMatchObject([{ status: 'decided', reasons: {} }]);
  });

  it.each(['evidence first', 'evidence last'])(
    'files the evidence again for the team that has the report now: %s',
    async (order) => {
      const report = aReport({ subjectId: `followed-${order.length}-${order.at(-1)}`, reason: 'other' });
      const evidence = evidenceOf(report, { description: 'Watch the second round.' });
      const reroute = rerouted(report, 'aimbot');
      if (order === 'evidence first') await ring.publish(report, evidence);
      else await ring.publish(report, reroute);
      await ring.settle();
      await ring.publish(order === 'evidence first' ? reroute : evidence);
      await ring.settle();
      const filed = await evidenceOnTheLog(report.data.reportId);
      const handedOver = filed.filter(({ id }) => id !== evidence.id);
      expect(new Set(handedOver.map(({ id }) => id)).size).toBe(1);
      expect(handedOver[0]).toMatchObject({
        source: 'others-triage',
        region: 'local',
        data: { ...evidence.data, reason: 'aimbot' },
      });
    },
  );

  it('keeps the evidence where a report stays with triage', async () => {
    const report = aReport({ subjectId: 'stays', reason: 'other' });
    await ring.publish(report, evidenceOf(report), rerouted(report, 'griefing'));
    await ring.settle();
    expect(await evidenceOnTheLog(report.data.reportId)).toHaveLength(1);
  });
});
