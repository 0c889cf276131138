import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { partsOf, revisionsPerStep, type CaseCommand } from '@ringside/casework';
import { UnavailableError } from '@ringside/core';
import type { EventLog } from '@ringside/event-log';
import { bySystem } from '@ringside/events';

import type { CommandRequest } from '../commands/aggregate.js';
import { Commands } from '../commands/commands.js';
import { openWorkingRing, person, type Problem, type WorkingRing } from './working-ring.fixture.js';
import { rules, workingService } from './working-team.fixture.js';

let team: WorkingRing;
beforeAll(async () => {
  team = await openWorkingRing();
});
afterAll(() => team.close());

const dismiss = { verdict: 'dismiss', facts: 'An ordinary match.' };

/** Says that a deadline is past, as the clock of a process would whose views have the case. */
function aTickOf(caseId: string): CommandRequest<CaseCommand> {
  const at = '2026-01-31T13:01:00.000Z';
  return {
    case: { caseId, team: rules.team, game: 'stormfall', subjectId: 'behind' },
    ...{ commandId: 'tick/4', fingerprint: 'tick' },
    command: {
      ...{ kind: 'tick', caseId, subjectId: 'behind', at, by: { sub: bySystem, roles: [] } },
      deadlines: [{ deadline: 'decide', dueAt: '2026-01-31T13:00:00.000Z' }],
      background: { openReports: [{ reportId: 'r', reason: 'aimbot', filedAt: '2026-01-31T12:00:00.000Z' }], priorStrikes: 0 },
    },
  };
}

it('a decision on a version that the views do not have yet is not taken, and taken when they have it', async () => {
  const caseId = await team.newCase('behind');
  const give = async (command: string, body: object | undefined, ifMatch: number, as = person('lena', 'lead')) => {
    const path = command === 'revert' ? `/v1/decisions/${caseId}.2/revert` : `/v1/cases/${caseId}/${command}`;
    return team.command<Problem & { version: number }>(path, body, { ifMatch, as });
  };
  const claimed = await give('claim', undefined, 1);
  const decided = await give('decide', dismiss, claimed.body.version);
  expect(decided.status).toBe(200);
  await team.ring.settle();

  const log = team.ring.log as { append: EventLog['append'] };
  const { append } = log;
  log.append = async () => Promise.reject(new UnavailableError('event-log', 'away'));
  const reverted = await give('revert', { reason: 'Another player.' }, decided.body.version);
  const again = await give('claim', undefined, reverted.body.version);
  expect([reverted.status, again.status]).toEqual([200, 200]);
  // For the views the report is still decided: that says nothing about the case as its stream has it.
  const early = await give('decide', dismiss, again.body.version);
  expect([early.status, early.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
  await team.ring.service(workingService.name).app.get(Commands).execute(aTickOf(caseId));
  expect((await team.published(caseId)).map(({ type }) => type)).toEqual(['CaseClaimed', 'DecisionMade']);
  const announced = await give('decide', dismiss, again.body.version);
  expect(announced.status).toBe(503);
  const madeUp = await give('decide', dismiss, again.body.version + 7 * revisionsPerStep);
  expect([madeUp.status, partsOf(madeUp.body.version).streamVersion]).toEqual([412, 5]);

  log.append = append;
  const noted = await give('note', { text: 'The log is back.' }, again.body.version);
  expect((await give('decide', dismiss, noted.body.version)).status).toBe(200);
});
