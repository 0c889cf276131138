import { expect, it } from '@jest/globals';
import { caseIdOf } from '@ringside/casework';
import type { RowKey } from '@ringside/core';
import { placementOf, standalone, type Placement } from '@ringside/data-ring';
import { appealFiled, createEvent } from '@ringside/events';
import { theRing } from '@ringside/testing';

import { SystemCommands } from './system-commands.js';
import { rules } from './working-team.fixture.js';

const time = '2026-01-31T12:00:00.000Z';
const caseId = caseIdOf(rules.team, 'stormfall', 'us-anna');
const appeal = createEvent(appealFiled, {
  data: { appealId: 'a1', playerId: 'us-anna', decisionId: `${caseId}.1`, statement: 'It was my brother.', filedAt: time },
  ...{ time, region: 'eu', source: 'report-intake' },
});

/** Views that hear of a case of another region's when their checkpoint has been looked at some times. */
function behind(placement: Placement, looksUntilHeard: number, firstReportedAt: string | null = time) {
  let looks = 0;
  const isHeard = (): boolean => looks >= looksUntilHeard;
  const views = {
    get: ({ table }: RowKey) =>
      Promise.resolve(
        table === 'cases' && isHeard() ? { caseId, homeRegion: 'us', streamVersion: 1, firstReportedAt } : undefined,
      ),
    checkpointName: (topic: string) => topic,
    store: {
      checkpoints: () => {
        looks += 1;
        return Promise.resolve([{ partition: 0, position: isHeard() ? '5' : '1' }]);
      },
    },
  };
  const runtime = { views, subscriber: { name: 'cheating-team', topics: [], placement } };
  const log = { heads: () => Promise.resolve([{ partition: 0, head: '5' }]) };
  const others = [undefined, undefined, rules, { region: placement.region }, log] as const;
  const commands = new (SystemCommands as unknown as new (...given: readonly unknown[]) => SystemCommands)(runtime, ...others);
  return { commands, looks: () => looks };
}

it('an appeal waits in a ring until the views have heard whose case it is about', async () => {
  const { commands, looks } = behind(placementOf(theRing(), 'eu'), 3);
  expect(await commands.openAppeal(caseId, appeal)).toEqual({ outcome: 'elsewhere', region: 'us' });
  expect(looks()).toBe(3);
});

it('an appeal waits where nothing of the case is known but what the team said of it', async () => {
  const { commands } = behind(placementOf(theRing(), 'eu'), 0, null);
  await expect(commands.openAppeal(caseId, appeal)).rejects.toThrow('waits for the reports');
});

it('an appeal about no case of the team waits for nothing without a ring', async () => {
  const { commands, looks } = behind(standalone('eu'), 3);
  expect(await commands.openAppeal(caseId, appeal)).toBeUndefined();
  expect(looks()).toBe(0);
});
