import { describe, expect, it } from '@jest/globals';
import { caseIdOf } from '@ringside/casework';
import { uuidv7 } from '@ringside/core';
import {
  caseNoted,
  createEvent,
  decisionMade,
  decisionReverted,
  sanctionImposed,
  sanctionReversed,
  type RingsideEvent,
} from '@ringside/events';
import { aReport, progressed, suppressed, weighed } from '@ringside/testing';

import { foreignIdIn } from './foreign-ids.js';

const of = { team: 'cheating', game: 'stormfall', subjectId: 'us-mallory' };
const own = caseIdOf(of.team, of.game, of.subjectId);
const foreign = caseIdOf(of.team, of.game, 'eu-anna');
const time = '2026-01-31T12:00:00.000Z';
const told = { time, region: 'us', source: 'cheating-team' };
const step = { ...of, caseId: own, caseVersion: 2, by: 'casey' };
const decision = {
  ...{ decisionId: `${own}.2`, verdict: 'uphold' as const, facts: 'Seen.', reportIds: [], priorStrikes: 0, automated: false },
  sanctions: [{ sanctionId: `${own}.2.1`, kind: 'warn' as const }],
};
const { team, game, subjectId: playerId } = of;
const ended = {
  sanctionId: `${own}.2.1`,
  playerId,
  game,
  team,
  caseId: own,
  decisionId: `${own}.2`,
  because: 'reverted' as const,
};
const { because: _, ...sanctioned } = ended;
const imposed = { ...sanctioned, kind: 'warn' as const, from: time, until: null, strikeUntil: time };

const genuine: readonly RingsideEvent[] = [
  aReport({ subjectId: of.subjectId }),
  createEvent(caseNoted, { ...told, data: { ...step, text: 'Looks clean.' } }),
  createEvent(decisionMade, { ...told, data: { ...step, decision } }),
  createEvent(decisionReverted, { ...told, data: { ...step, decisionId: `${own}.2`, reason: 'Wrong player.' } }),
  progressed(of, { decision: {} }),
  weighed(of, { revision: 1, priorStrikes: 1 }),
  suppressed(of, { reportId: uuidv7(0), because: 'daily_limit', suppressed: true, revision: 1 }),
  createEvent(sanctionImposed, { ...told, data: imposed }),
  // Of a proposal that was approved in a later term.
  createEvent(sanctionImposed, { ...told, data: { ...imposed, sanctionId: `${own}.2.1@1` } }),
  createEvent(sanctionReversed, { ...told, data: ended }),
];

/** The event with the id of another case wherever one field has its own. */
const forgeriesOf = (event: RingsideEvent): readonly (readonly [string, RingsideEvent])[] => {
  const fields: string[] = [];
  JSON.stringify(event.data, (key, value: unknown) => {
    if (typeof value === 'string' && value.startsWith(own)) fields.push(key);
    return value;
  });
  return fields.map((field) => {
    const data = JSON.stringify(event.data, (key, value: unknown) =>
      key === field ? String(value).replace(own, foreign) : value,
    );
    return [`${event.type} with another ${field}`, { ...event, data: JSON.parse(data) } as RingsideEvent];
  });
};

describe('the ids in an event', () => {
  it.each(genuine.map((event) => [event.type, event] as const))('of %s are those of its own case', (_, event) => {
    expect(foreignIdIn(event)).toBeUndefined();
  });

  const forged = genuine.flatMap(forgeriesOf);

  it('are looked at wherever there are any', () => {
    expect(forged.map(([what]) => what)).toEqual(
      expect.arrayContaining([
        'CaseNoted with another caseId',
        'DecisionMade with another sanctionId',
        'DecisionReverted with another decisionId',
        'CaseProgressed with another decisionId',
        'CaseWeighed with another caseId',
        'ReportSuppressed with another caseId',
        'SanctionImposed with another caseId',
        'SanctionReversed with another sanctionId',
      ]),
    );
  });

  it.each(forged)('are not believed in %s', (_, event) => {
    expect(foreignIdIn(event)).toMatch(/another case|caseId is not that/);
  });

  it('are not believed of another team or game', () => {
    const noted = genuine[1] as Extract<RingsideEvent, { type: 'CaseNoted' }>;
    for (const change of [{ team: 'abuse' }, { game: 'kickoff' }, { subjectId: 'us-other' }])
      expect(foreignIdIn({ ...noted, data: { ...noted.data, ...change } })).toMatch(/caseId is not that/);
  });
});
