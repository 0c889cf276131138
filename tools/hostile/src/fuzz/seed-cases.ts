import { setTimeout as pause } from 'node:timers/promises';

import { StartupError } from '@ringside/core';

import type { Services } from '../services.js';

const visibleMsMax = 30_000;

/** A report for every reason, so that each team has cases that requests can be about. */
export async function seedCases(services: Services): Promise<void> {
  const intake = services.of('report-intake');
  const reasons = (await (await fetch(`${intake.url}/v1/report-reasons`)).json()) as readonly { reason: string }[];
  for (const { reason } of reasons) {
    const response = await fetch(`${intake.url}/v1/reports`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ game: 'arena', reporterId: 'fuzz-reporter', subjectId: 'fuzz-subject', reason, description: 'Seen again.' },
        evidence: { chat: [{ at: '2026-01-31T12:00:00.000Z', playerId: 'fuzz-subject', text: 'seen' }] },
      }),
    });
    await response.arrayBuffer();
    if (response.status !== 202) throw new StartupError(`A report to begin with was answered ${response.status}.`);
  }
  const headers = { authorization: `Bearer ${await services.token(['lead'])}` };
  for (const { name, team, url } of services.targets) {
    if (team === undefined) continue;
    const hasCases = async (): Promise<boolean> => {
      const { items } = (await (await fetch(`${url}/v1/cases`, { headers })).json()) as { items: readonly unknown[] };
      return items.length > 0;
    };
    for (const giveUpAt = performance.now() + visibleMsMax; !(await hasCases()); await pause(100)) {
      if (performance.now() > giveUpAt) throw new StartupError(`${name} has no case of the first reports.`);
    }
  }
}
