import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  caseIdOf,
  lifecycleOf,
  partsOf,
  termOf,
  versionIn,
  type CaseCommand,
  type CaseStep,
  type CaseWork,
} from '@ringside/casework';
import { isoTime, type IsoTime } from '@ringside/core';
import {
  createEvent,
  decodeEvent,
  regionPromoted,
  sanctionsTopic,
  type CaseEvent,
  type RingsideEvent,
  type SanctionImposed,
} from '@ringside/events';
import { aReport, progressed } from '@ringside/testing';

import { caseEventOf } from '../commands/case-stream.js';
import { SystemCommands } from './system-commands.js';
import {
  casey,
  openWorkingRing,
  person,
  type How,
  type Problem,
  type Taken,
  type WorkingRing,
} from './working-ring.fixture.js';
import { policy, rules, uphold, workingTeam } from './working-team.fixture.js';

/** Another region, as this one hears of it: what is decided there, and published. */
const away = 'elsewhere';

let team: WorkingRing;
beforeAll(async () => {
  team = await openWorkingRing();
});
afterAll(() => team.close());

const lifecycle = lifecycleOf(policy);

/** A case of the other region's, worked there by itself. What it publishes comes here when it is told to. */
class CaseAway {
  private work: CaseWork = lifecycle.initialState;
  readonly caseId: string;
  readonly report;

  constructor(readonly subjectId: string) {
    this.caseId = caseIdOf(rules.team, 'stormfall', subjectId);
    this.report = aReport({ subjectId, subjectHomeRegion: away });
  }

  /** The events of a command, and what follows from them. */
  take(command: Partial<CaseCommand> & Pick<CaseCommand, 'kind'>, commandId: string): readonly (readonly RingsideEvent[])[] {
    const { reportId, reason, filedAt } = this.report.data;
    const background = { openReports: [{ reportId, reason, filedAt }], priorStrikes: 0 };
    const at: IsoTime = isoTime(Date.UTC(2026, 0, 31, 12, this.work.version + 1));
    const context = {
      caseId: this.caseId,
      subjectId: this.subjectId,
      at,
      by: { sub: 'noor', roles: ['case_worker'] },
      background,
    };
    const decided = lifecycle.decide(this.work, { ...context, ...command } as CaseCommand);
    if (!decided.ok) throw new Error(decided.error.detail);
    return decided.value.map((step) => this.published(step, commandId));
  }

  private published(step: CaseStep, commandId: string): readonly RingsideEvent[] {
    const subject = { caseId: this.caseId, team: rules.team, game: 'stormfall', subjectId: this.subjectId };
    const origin = { region: away, source: 'working-team', commandId };
    const event = caseEventOf(subject, step, this.work.version + 1, origin);
    this.work = lifecycle.evolve(this.work, step);
    return [event, ...workingTeam.casework!.aggregate.consequences(this.work, event)];
  }
}

const published = async (...events: readonly RingsideEvent[]): Promise<void> => {
  await team.ring.publish(...events);
  await team.ring.settle();
};

const promoted = (term: number, servedBy: string, home = away): RingsideEvent =>
  createEvent(regionPromoted, {
    data: { home, servedBy, term, by: 'pat', reason: 'It is away.' },
    ...{ time: isoTime(Date.UTC(2026, 0, 31, 13)), region: servedBy, source: 'platform' },
  });

interface CaseShown {
  readonly status: string;
  readonly version: number;
  readonly openReports: number;
  readonly decisions: readonly { readonly decisionId: string; readonly state: string }[];
}
const shown = async (caseId: string): Promise<CaseShown> => (await team.get<CaseShown>(`/v1/cases/${caseId}`)).body;

/** By somebody who saw the case as it is now. */
const note = async <Body = Taken & Problem>(caseId: string, text: string, how: How = {}) =>
  team.command<Body>(`/v1/cases/${caseId}/note`, { text }, { ifMatch: await team.versionOf(caseId), ...how });

async function reversals(subjectId: string): Promise<readonly RingsideEvent[]> {
  const found: RingsideEvent[] = [];
  for (const { partition } of await team.ring.log.heads(sanctionsTopic.topic)) {
    for await (const { bytes } of team.ring.log.read({ topic: sanctionsTopic.topic, partition })) {
      const decoded = decodeEvent(bytes);
      if (decoded.ok && decoded.value.type === 'SanctionReversed' && decoded.value.data.playerId === subjectId) {
        found.push(decoded.value);
      }
    }
  }
  return found;
}

describe('a case of a region in whose place this one was promoted', () => {
  const lost = new CaseAway('adopted');
  const { caseId } = lost;
  let late: readonly RingsideEvent[];

  it('is worked by its home as long as nobody was promoted', async () => {
    await published(lost.report, ...lost.take({ kind: 'claim' }, 'key/claimed').flat());
    const answer = await note(caseId, 'Hello.');
    expect(answer.status).toBe(421);
    expect(answer.body.homeRegion).toBe(away);
  });

  it('is not gone on with before its earlier steps have come, and the answer says so', async () => {
    await published(promoted(1, 'local'));
    const [[step, ...consequences]] = lost.take({ kind: 'note', text: 'Seen before.' } as never, 'key/noted') as [
      readonly [CaseEvent, ...RingsideEvent[]],
    ];
    await published(...consequences); // by another topic, which was faster
    const version = await team.versionOf(caseId);
    const answer = await note(caseId, 'Hello.', { ifMatch: version });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(answer.body.detail).toContain('known to have come to step 2, and its steps up to 1 are here');
    await published(step);
  });

  it('takes commands here in the new term, behind the steps that it had', async () => {
    late = lost.take({ kind: 'decide', ...uphold } as never, 'key/late').flat(); // not heard of before the region is back
    const answer = await note(caseId, 'Going on.', { as: person('lena', 'lead') });
    expect(answer.status).toBe(200);
    expect(partsOf(answer.body.version).streamVersion).toBe(versionIn(1, 4));
    await team.ring.settle();
    expect((await team.published(caseId)).map(({ type, data }) => [type, data.caseVersion])).toEqual([
      ['CaseClaimed', 1],
      ['CaseNoted', 2],
      ['CaseAdopted', versionIn(1, 3)],
      ['CaseNoted', versionIn(1, 4)],
    ]);
    const timeline = await team.get<{ items: { type: string }[] }>(`/v1/cases/${caseId}/timeline`);
    expect(timeline.body.items.map(({ type }) => type)).toContain('CaseAdopted');
  });

  it('answers a command that was taken before the promotion as repeated, and takes nothing twice', async () => {
    const before = await team.published(caseId);
    const how = { key: 'noted', as: person('noor', 'case_worker') };
    const answer = await note(caseId, 'Seen before.', how);
    expect([answer.status, partsOf(answer.body.version).streamVersion]).toEqual([200, 2]);
    expect(await team.published(caseId)).toEqual(before);
  });

  it('refuses whoever saw what was lost', async () => {
    const seen = (await shown(caseId)).version;
    const inOldTerm = 3 * 2 ** 20 + partsOf(seen).revision;
    const answer = await team.command<Problem>(`/v1/cases/${caseId}/claim`, undefined, { ifMatch: inOldTerm });
    expect(answer.status).toBe(412);
  });

  it('shows what the lost region decided as superseded, lets nothing follow from it, and reverses what it imposed, once', async () => {
    const imposed = late.find((event): event is SanctionImposed => event.type === 'SanctionImposed')!;
    await published(...late);
    await published(...late); // the log may repeat it
    await team.ring.settle();
    expect(await shown(caseId)).toMatchObject({
      openReports: 1,
      decisions: [{ decisionId: `${caseId}.3`, state: 'superseded' }],
    });
    const [reversed, ...more] = new Map((await reversals('adopted')).map((event) => [event.id, event])).values();
    expect(more).toEqual([]);
    expect(reversed).toMatchObject({ data: { sanctionId: imposed.data.sanctionId, because: 'superseded' } });
    const timeline = await team.get<{ items: { type: string; superseded?: true }[] }>(`/v1/cases/${caseId}/timeline`);
    expect(timeline.body.items.filter(({ superseded }) => superseded).map(({ type }) => type)).toEqual(['DecisionMade']);
  });

  it('is decided here in its place', async () => {
    const lead = person('lena', 'lead');
    const handed = await team.command(
      `/v1/cases/${caseId}/hand-over`,
      { to: 'casey', reason: 'You.' },
      { as: lead, ifMatch: (await shown(caseId)).version },
    );
    expect(handed.status).toBe(200);
    await team.ring.settle();
    const decided = await team.command<Taken>(`/v1/cases/${caseId}/decide`, uphold, {
      as: casey,
      ifMatch: (await shown(caseId)).version,
    });
    expect(decided.status).toBe(200);
    expect(termOf(Number(decided.body.decisionId.split('.')[1]))).toBe(1);
    await team.ring.settle();
    expect(await shown(caseId)).toMatchObject({ status: 'decided', openReports: 0 });
    expect(await reversals('adopted')).toHaveLength(1);
  });

  it('goes back to its home when that is promoted', async () => {
    await published(promoted(2, away));
    const answer = await note(caseId, 'More.');
    expect([answer.status, answer.body.homeRegion]).toEqual([421, away]);
  });
});

describe('a case with which another region has gone on, unknown to this one', () => {
  it('takes no commands here, although nothing has been heard of a promotion', async () => {
    const caseId = await team.newCase('gone-on');
    expect((await note(caseId, 'Hello.')).status).toBe(200);
    await team.ring.settle();
    const of = { team: rules.team, game: 'stormfall', subjectId: 'gone-on' };
    await published(progressed(of, { caseVersion: versionIn(9, 2), basedOn: 1 }));
    const answer = await note(caseId, 'Anybody?');
    expect([answer.status, answer.body.detail]).toEqual([503, expect.stringContaining('Another region has gone on')]);
  });
});

describe('a case of which a step is lost with its region', () => {
  it('goes on without it once a lead has said so, and the step has no effect if it comes after all', async () => {
    await published(promoted(3, 'local'));
    const lost = new CaseAway('lost-for-good');
    const { caseId } = lost;
    await published(lost.report, ...lost.take({ kind: 'claim' }, 'key/claimed').flat());
    const [[step, progress, ...others]] = lost.take({ kind: 'decide', ...uphold } as never, 'key/d') as [
      readonly [CaseEvent, ...RingsideEvent[]],
    ];
    await published(progress!); // and then the region was gone
    expect((await note(caseId, 'Hello.')).status).toBe(503);
    const goOn = (as: How['as']) => team.command<Taken>(`/v1/cases/${caseId}/go-on`, { reason: 'Its region is lost.' }, { as });
    expect((await goOn(casey)).status).toBe(403);
    const { status, body } = await goOn(person('lena', 'lead'));
    expect([status, partsOf(body.version).streamVersion]).toEqual([200, versionIn(3, 3)]);
    await team.ring.settle();
    expect(await shown(caseId)).toMatchObject({ openReports: 1, decisions: [{ state: 'superseded' }] });
    await published(step, ...others);
    await team.ring.settle();
    expect(await shown(caseId)).toMatchObject({ openReports: 1, decisions: [{ state: 'superseded' }] });
    expect(await reversals('lost-for-good')).toHaveLength(1);
  });
});

describe('a case of which the last step came, and what followed from it was lost with its region', () => {
  it('is not gone on with as if that had been heard of; once a lead lets it, the step has no effect', async () => {
    const lost = new CaseAway('half-lost');
    const { caseId } = lost;
    await published(lost.report, ...lost.take({ kind: 'claim' }, 'key/claimed').flat());
    const [step, progress, imposed] = lost.take({ kind: 'decide', ...uphold } as never, 'key/d').flat() as [
      CaseEvent,
      ...RingsideEvent[],
    ];
    await published(step);
    const answer = await note(caseId, 'Hello.');
    expect([answer.status, answer.body.detail]).toEqual([503, expect.stringContaining('followed from its step 2')]);
    await published(progress!); // and the sanction is still to come
    expect((await note(caseId, 'Hello.')).body.detail).toContain('followed from its step 2');
    const lead = person('lena', 'lead');
    const { status, body } = await team.command<Taken>(`/v1/cases/${caseId}/go-on`, { reason: 'It is lost.' }, { as: lead });
    expect([status, partsOf(body.version).streamVersion]).toEqual([200, versionIn(3, 3)]);
    await team.ring.settle();
    expect(await shown(caseId)).toMatchObject({ openReports: 1, decisions: [{ state: 'superseded' }] });
    await published(imposed!);
    await team.ring.settle();
    expect(new Set((await reversals('half-lost')).map(({ id }) => id)).size).toBe(1);
  });

  it('waits for it also where the time has an effect: a tick that was taken is not taken for the next one', async () => {
    const lost = new CaseAway('ticked-away');
    const { caseId } = lost;
    await published(lost.report, ...lost.take({ kind: 'claim' }, 'key/claimed').flat());
    const [ticked, ...unheard] = lost.take({ kind: 'note', text: 'By the time.' } as never, 'tick/1').flat();
    await published(ticked!);
    const commands = team.ring.service(workingTeam.service).app.get(SystemCommands);
    expect(await commands.tick(caseId)).toMatchObject({ outcome: 'incomplete' });
    await published(...unheard);
    expect(await commands.tick(caseId)).toMatchObject({ outcome: 'done', repeated: false });
  });

  it('is gone on with by itself once it comes', async () => {
    const late = new CaseAway('only-late');
    const events = late.take({ kind: 'claim' }, 'key/claimed').flat();
    await published(late.report, events[0]!);
    const preview = await team.command<Problem>(`/v1/cases/${late.caseId}/decide`, uphold, {
      ifMatch: await team.versionOf(late.caseId),
    });
    expect([preview.status, preview.body.detail]).toEqual([503, expect.stringContaining('go-on')]);
    await published(...events.slice(1));
    expect((await note(late.caseId, 'Hello.', { as: person('lena', 'lead') })).status).toBe(200);
  });
});

describe('a case of this region in whose place another one was promoted', () => {
  it('is sent there', async () => {
    const caseId = await team.newCase('sent-away');
    await published(promoted(1, away, 'local'));
    const answer = await note(caseId, 'Hello.');
    expect([answer.status, answer.body.homeRegion]).toEqual([421, away]);
    await published(promoted(2, 'local', 'local'));
    expect((await note(caseId, 'Hello.')).status).toBe(200);
  });

  it('had imposed something before this region knew, which the region that works it reverses, and nobody else', async () => {
    const lost = new CaseAway('not-ours');
    const [[decision, progress, imposed]] = [lost.take({ kind: 'decide', ...uphold } as never, 'key/d').flat()] as unknown as [
      readonly [CaseEvent, RingsideEvent, RingsideEvent],
    ];
    await published(lost.report, decision, progress, imposed);
    expect(await reversals('not-ours')).toEqual([]);
  });
});
