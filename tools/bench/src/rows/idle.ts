import { setTimeout as sleep } from 'node:timers/promises';
import { reportReasons } from '@ringside/events';

import { openConnection, postRequest } from '../http-connection.js';
import { cpuSecondsOf, machineMs } from '../measurement.js';
import type { BenchRow, RowResult } from '../row.js';
import { sampleForms } from '../sample-forms.js';
import { servicesThere, startServiceProcess } from '../service-process.js';

/** What came before is through, and the first garbage is collected. */
const settleMs = { quick: 2_000, full: 4_000 };
const reports = 500;

export const idle: BenchRow = {
  name: 'idle',
  title: 'CPU that services use with nothing to do',
  run: async ({ quick, newDirectory }): Promise<RowResult> => {
    const names = servicesThere();
    if (names.length === 0) return { kind: 'skipped', why: 'there is no service in this workspace' };
    const data = newDirectory();
    const services = await Promise.all(names.map((name) => startServiceProcess(name, { dataDirectory: data })));
    const intake = services.find(({ name }) => name === 'report-intake');
    if (intake !== undefined) await file(new URL(intake.url));
    await sleep(settleMs[quick ? 'quick' : 'full']);
    const seconds = quick ? 5 : 20;
    const before = services.map(({ pid }) => cpuSecondsOf(pid));
    const startedAt = machineMs();
    await sleep(seconds * 1_000);
    const after = services.map(({ pid }) => cpuSecondsOf(pid));
    const elapsed = (machineMs() - startedAt) / 1_000;
    await Promise.all(services.map((service) => service.stop()));
    const cores = services.map((_, i) => (after[i]! - before[i]!) / elapsed);
    return {
      kind: 'figures',
      how: `All services run side by side on one data directory; ${reports} reports were filed before; over ${seconds} s, in steps of 0.01 s of CPU time`,
      figures: [
        ...services.map(({ name }, i) => ({ name, value: cores[i]!, unit: 'cores' })),
        { name: 'all together', value: cores.reduce((sum, one) => sum + one, 0), unit: 'cores', aimMax: 0.02 },
      ],
    };
  },
};

async function file(url: URL): Promise<void> {
  const reasons = reportReasons.filter(({ needsDescription }) => !needsDescription).map(({ reason }) => reason);
  const connection = await openConnection(url);
  for (const form of sampleForms(reports, reasons)) {
    const { status, body } = await connection.send(postRequest(url, '/v1/reports', JSON.stringify(form)));
    if (status !== 202) throw new Error(`A report was answered ${status}: ${body}`);
  }
  connection.close();
}
