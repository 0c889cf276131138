import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { revisionsPerStep } from '@ringside/casework';
import { isoTime } from '@ringside/core';
import { createEvent, regionPromoted } from '@ringside/events';
import { Registry } from 'prom-client';

import { Sweep } from './sweep.js';
import type { SystemCommands } from './system-commands.js';
import { openWorkingRing, person, type WorkingRing } from './working-ring.fixture.js';
import { permanently, workingService } from './working-team.fixture.js';

const hour = 3_600_000;

let team: WorkingRing;
let sweep: Sweep;
beforeAll(async () => {
  team = await openWorkingRing();
  sweep = team.ring.service(workingService.name).app.get(Sweep);
});
afterAll(() => team.close());

const typesOf = async (caseId: string): Promise<readonly string[]> => (await team.published(caseId)).map(({ type }) => type);

/** Two passes at once, as two processes would, and another when the views have what came of them. */
async function passAt(hours: number): Promise<void> {
  team.clock.now = start + hours * hour;
  await Promise.all([sweep.pass(), sweep.pass()]);
  await team.ring.settle();
  await sweep.pass();
  await team.ring.settle();
}

const start = Date.UTC(2026, 0, 31, 13);
const lead = person('lena', 'lead');

it('ends leases and proposals that ran out, and announces deadlines: each once', async () => {
  const claimed = await team.newCase('claimed');
  await team.command(`/v1/cases/${claimed}/claim`, undefined, { ifMatch: 1, as: lead });
  const proposed = await team.newCase('proposed');
  const { version } = (await team.command(`/v1/cases/${proposed}/claim`, undefined, { ifMatch: 1, as: lead })).body;
  await team.command(`/v1/cases/${proposed}/decide`, permanently, { ifMatch: version, as: lead });
  await team.ring.settle();
  await passAt(0);
  expect([await typesOf(claimed), await typesOf(proposed)]).toEqual([['CaseClaimed'], ['CaseClaimed', 'DecisionProposed']]);

  await passAt(1);
  expect((await team.published(claimed)).at(-1)).toMatchObject({
    type: 'CaseReleased',
    data: { because: 'expired', by: 'system' },
  });
  await passAt(25);
  const rejected = (await team.published(proposed)).filter(({ type }) => type === 'DecisionRejected');
  expect(rejected).toMatchObject([{ data: { because: 'expired', by: 'system' } }]);
  await passAt(61);
  expect(await typesOf(claimed)).toContain('DeadlineApproached');
  await passAt(73);
  for (const caseId of [claimed, proposed]) {
    const breached = (await team.published(caseId)).filter(
      ({ type, data }) => type === 'DeadlineBreached' && 'deadline' in data && data.deadline === 'decide',
    );
    expect(breached).toHaveLength(1);
  }
  const all = [await typesOf(claimed), await typesOf(proposed)];
  await passAt(74);
  expect([await typesOf(claimed), await typesOf(proposed)]).toEqual(all);
});

it('makes nobody stale by what it announces', async () => {
  const caseId = await team.newCase('announced');
  await passAt((team.clock.now - start) / hour + 73);
  const announced = await typesOf(caseId);
  expect(announced).toContain('DeadlineBreached');
  const note = { text: 'Read before the deadline.' };
  const noted = await team.command(`/v1/cases/${caseId}/note`, note, { ifMatch: 1, as: lead });
  expect([noted.status, noted.body.version]).toEqual([200, 1 + (announced.length + 1) * revisionsPerStep]);
  // The note is for everybody to know.
  const late = { ifMatch: 1 + announced.length * revisionsPerStep, as: lead };
  expect((await team.command(`/v1/cases/${caseId}/note`, { text: 'Late.' }, late)).status).toBe(412);
});

it('goes on with the others where one case cannot be worked on', async () => {
  const caseIds = [await team.newCase('broken'), await team.newCase('sound')];
  for (const caseId of caseIds) await team.command(`/v1/cases/${caseId}/claim`, undefined, { ifMatch: 1, as: lead });
  await team.ring.settle();
  team.clock.now += hour;
  const { commands } = sweep as unknown as { readonly commands: SystemCommands };
  const ticked: string[] = [];
  const some = {
    tick: (caseId: string) => {
      ticked.push(caseId);
      return caseId === caseIds[0] ? Promise.reject(new Error('cannot read what is there')) : commands.tick(caseId);
    },
  };
  const parts = sweep as unknown as Record<'runtime' | 'policy' | 'clock' | 'placement', never>;
  const logger = { warn: () => undefined } as never;
  await new Sweep(parts.runtime, some as never, parts.policy, parts.clock, logger, parts.placement, new Registry()).pass();
  expect(ticked).toEqual(expect.arrayContaining(caseIds));
  expect(await typesOf(caseIds[0]!)).not.toContain('CaseReleased');
  expect(await typesOf(caseIds[1]!)).toContain('CaseReleased');
});

it('leaves a case to the region that works it, and deals with it once it is promoted itself', async () => {
  const promote = async (servedBy: string, term: number): Promise<void> => {
    const data = { home: 'local', servedBy, term, by: 'pat', reason: 'A drill.' };
    const time = isoTime(team.clock.now);
    await team.ring.publish(createEvent(regionPromoted, { data, time, region: servedBy, source: 'platform' }));
    await team.ring.settle();
  };
  const caseId = await team.newCase('served-elsewhere');
  await team.command(`/v1/cases/${caseId}/claim`, undefined, { ifMatch: 1, as: lead });
  await promote('elsewhere', 1);
  team.clock.now += hour;
  await sweep.pass();
  await sweep.pass();
  expect(await typesOf(caseId)).not.toContain('CaseReleased');
  await promote('local', 2);
  await sweep.pass();
  await team.ring.settle();
  // The process's own look may have announced its deadline before.
  const steps = (await typesOf(caseId)).filter((type) => !type.startsWith('Deadline'));
  expect(steps).toEqual(['CaseClaimed', 'CaseAdopted', 'CaseReleased']);
});
