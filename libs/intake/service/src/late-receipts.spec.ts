import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidv7 } from '@ringside/core';
import { file, form, request, startIntake, type Answer, type IntakeUnderTest } from './intake.fixture.js';
import { lateReceipts } from './late-receipts.js';

const start = 1_800_000_000_000;

describe('late receipts', () => {
  it('know a report as young for five seconds after it was acknowledged', () => {
    const receipts = lateReceipts();
    const prompt = uuidv7(start);
    const late = uuidv7(start);
    const stranger = uuidv7(start);
    receipts.acknowledged(prompt, start + 10);
    receipts.acknowledged(late, start + 60_000);
    expect(receipts.isYoung(prompt, start + 4_900)).toBe(true);
    expect(receipts.isYoung(prompt, start + 5_100)).toBe(false);
    expect(receipts.isYoung(late, start + 64_900)).toBe(true);
    expect(receipts.isYoung(late, start + 65_100)).toBe(false);
    expect(receipts.isYoung(stranger, start + 60_000)).toBe(false);
  });

  it('leave no gap for a report that was acknowledged shortly before its id is old', () => {
    const receipts = lateReceipts();
    const reportId = uuidv7(start);
    receipts.acknowledged(reportId, start + 4_900);
    expect(receipts.isYoung(reportId, start + 5_100)).toBe(true);
  });

  it('count from the last time that a report was acknowledged', () => {
    const receipts = lateReceipts();
    const reportId = uuidv7(start);
    receipts.acknowledged(reportId, start + 60_000);
    receipts.acknowledged(reportId, start + 64_000);
    expect(receipts.isYoung(reportId, start + 68_000)).toBe(true);
  });

  it('forget the oldest beyond ten thousand', () => {
    const receipts = lateReceipts();
    const ids = Array.from({ length: 10_001 }, () => uuidv7(start));
    const now = start + 3_600_000;
    for (const id of ids) receipts.acknowledged(id, now);
    expect(ids.filter((id) => !receipts.isYoung(id, now))).toEqual([ids[0]]);
  });
});

describe('a report that is acknowledged long after it was filed', () => {
  let intake: IntakeUnderTest;
  let passedMs = 0;
  beforeAll(async () => {
    intake = await startIntake({ clock: () => Date.now() + passedMs });
  });
  afterAll(() => intake.close());

  const follow = async (receipt: Answer): Promise<number> => {
    expect(receipt.status).toBe(202);
    return (await request(intake, receipt.headers.get('location')!)).status;
  };

  it('is found at once where its first append had failed', async () => {
    const headers = { 'idempotency-key': 'after-an-outage' };
    intake.failAppends(true);
    const failed = await file(intake, form, headers).finally(() => intake.failAppends(false));
    expect(failed.status).toBe(503);
    passedMs += 60_000;
    expect(await follow(await file(intake, form, headers))).toBe(200);
  });

  it('is found at once where the log took its time', async () => {
    intake.beforeAppends(() => void (passedMs += 60_000));
    const receipt = await file(intake, form).finally(() => intake.beforeAppends(() => undefined));
    expect(await follow(receipt)).toBe(200);
  });
});
