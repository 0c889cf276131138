import { describe, expect, it } from '@jest/globals';
import { decodeEvent, reportsTopic, type ReportFiled } from '@ringside/events';
import { openTestDrivers } from '@ringside/testing';

import { fillLog, reportsOf } from './fill-log.js';

const options = { seed: 3, reports: 5_000, reasons: ['aimbot', 'spam'] };

async function filledWith(fills: readonly Parameters<typeof fillLog>[1][]): Promise<readonly ReportFiled['data'][]> {
  const drivers = await openTestDrivers();
  try {
    for (const fill of fills) await fillLog(drivers.log, fill);
    const found: ReportFiled['data'][] = [];
    for (let partition = 0; partition < reportsTopic.partitions; partition++) {
      for await (const { bytes } of drivers.log.read({ topic: reportsTopic.topic, partition })) {
        const decoded = decodeEvent(bytes);
        if (!decoded.ok) throw new Error(decoded.error.message);
        found.push(decoded.value.data as ReportFiled['data']);
      }
    }
    return found.sort((a, b) => (a.filedAt < b.filedAt || (a.filedAt === b.filedAt && a.reportId < b.reportId) ? -1 : 1));
  } finally {
    await drivers.close();
  }
}

describe('a filled log', () => {
  it('has each report once, all of them of the contract', async () => {
    const found = await filledWith([options]);
    expect(found.map(({ reportId }) => reportId).sort()).toEqual(
      [...reportsOf(options)].map(({ data }) => data.reportId).sort(),
    );
    expect(new Set(found.map(({ subjectId }) => subjectId)).size).toBeGreaterThan(500);
  });

  it('goes on where it was filled to', async () => {
    const found = await filledWith([
      { ...options, reports: 3_000, subjectsOf: 5_000 },
      { ...options, reports: 2_000, from: 3_000, subjectsOf: 5_000 },
    ]);
    expect(new Set(found.map(({ reportId }) => reportId)).size).toBe(5_000);
  });
});
