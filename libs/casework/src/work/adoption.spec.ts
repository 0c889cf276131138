import { describe, expect, it } from '@jest/globals';
import { deriveUuidv7, uuidv7 } from '@ringside/core';
import { caseEventDefinitions, createEvent, type CaseEvent, type RingsideEvent } from '@ringside/events';

import { versionIn } from '../terms.js';
import type { CaseCommand } from './case-command.js';
import { takeStep, type CaseStep } from './case-step.js';
import type { CaseWork } from './case-work.js';
import { consequencesOf } from './consequences.js';
import { by, lifecycle, permanentBan, policy, suspension, uphold } from './lifecycle.fixture.js';

const consequences = consequencesOf(policy);

/** The case after a step, and what is published with it in the region that took it. */
function take(
  work: CaseWork,
  step: CaseStep,
  region: string,
): { readonly work: CaseWork; readonly events: readonly RingsideEvent[] } {
  const after = lifecycle.evolve(work, step);
  const definition = caseEventDefinitions.find(({ type }) => type === step.type)!;
  const common = {
    caseId: 'case',
    team: 'cheating',
    game: 'stormfall',
    subjectId: 'player',
    caseVersion: after.version,
    by: step.by,
  };
  const id = deriveUuidv7(uuidv7(Date.parse(step.at)), `${region}/${after.version}`);
  const origin = { region, source: 'cheating-team', time: step.at, id };
  const event = createEvent(definition as never, { ...origin, data: { ...common, ...step.data } as never }) as CaseEvent;
  return { work: after, events: consequences(after, event) };
}

function taken(work: CaseWork, command: CaseCommand, region: string): ReturnType<typeof take> {
  const decided = lifecycle.decide(work, command);
  if (!decided.ok) throw new Error(decided.error.detail);
  return take(work, decided.value[0]!, region);
}

const adopted = (work: CaseWork, term: number): CaseWork => {
  const step = takeStep(by('system', 10, { kind: 'claim' }), 'CaseAdopted', { term, basedOn: work.version, homeRegion: 'eu' });
  return take(work, step, 'us').work;
};
const sanctionIds = (events: readonly RingsideEvent[]): readonly string[] =>
  events.flatMap((event) =>
    event.type === 'SanctionImposed' || event.type === 'SanctionReversed' ? [event.data.sanctionId] : [],
  );

describe('a case that another region goes on with', () => {
  it('counts on in the new term, changes in nothing else, and says with each step where that began and where it is at home', () => {
    const { work } = taken(lifecycle.initialState, by('ada', 0, { kind: 'claim' }), 'eu');
    const going = adopted(work, 1);
    expect(going).toEqual({ ...work, version: versionIn(1, 2), adopted: { basedOn: 1, homeRegion: 'eu' } });
    const { events } = taken(going, by('ada', 11, { kind: 'note', text: 'Going on.' }), 'us');
    expect(events).toMatchObject([{ region: 'us', data: { homeRegion: 'eu', caseVersion: versionIn(1, 3), basedOn: 1 } }]);
  });

  it('says of what it imposes which step did, and reverses the same', () => {
    const going = adopted(taken(lifecycle.initialState, by('ada', 0, { kind: 'claim' }), 'eu').work, 1);
    const { work, events } = taken(going, by('ada', 11, uphold(suspension)), 'us');
    const decisionId = `case.${versionIn(1, 3)}`;
    expect(events[1]).toMatchObject({ type: 'SanctionImposed', data: { decisionId, caseVersion: versionIn(1, 3) } });
    const reverted = taken(work, by('lea', 12, { kind: 'revert', decisionId, reason: 'The wrong player.' }), 'us');
    expect(sanctionIds(reverted.events)).toEqual(sanctionIds(events));
  });

  it('imposes under ids of its own what was proposed before: the lost region may have approved it as well', () => {
    const { work: proposed } = taken(lifecycle.initialState, by('ada', 0, uphold(permanentBan)), 'eu');
    const approve = by('lea', 12, { kind: 'approve', decisionId: 'case.1' });
    const lost = taken(proposed, approve, 'eu');
    const going = taken(adopted(proposed, 1), approve, 'us');
    expect(sanctionIds(lost.events)).toEqual(['case.1.1']);
    expect(sanctionIds(going.events)).toEqual(['case.1.1@1']);
    const revert = by('lea', 13, { kind: 'revert', decisionId: 'case.1', reason: 'The wrong player.' });
    expect(sanctionIds(taken(adopted(going.work, 2), revert, 'eu').events)).toEqual(['case.1.1@1']);
  });
});
