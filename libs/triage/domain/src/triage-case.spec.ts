import { describe, expect, it } from '@jest/globals';
import { caseReportsRerouted, createEvent, decodeEvent, priorReasonsMax, toRecord } from '@ringside/events';
import { casePeople, caseTimes, earlierStep as step, eventOfStep, given } from '@ringside/testing';

import { reroutedPerCommandMax, reroutingsOf, triageCase, type RoutedReport } from './triage-case.js';
import { background, command, named, reportOf, states } from './triage-case.fixture.js';

const { ann, pat, reader } = casePeople;
const { earlier, now } = caseTimes;

const reroute = (reason: string, ...reports: RoutedReport[]) => command({ kind: 'reroute', reason, ...named(...reports) });

describe('rerouting', () => {
  it('gives the reports that are named another reason', () => {
    const { events } = given(triageCase, states['mine']).when(reroute('aimbot', reportOf('r1'), reportOf('r2', 'griefing')));
    const reports = [reportOf('r1'), reportOf('r2', 'griefing')];
    expect(events).toEqual([{ type: 'CaseReportsRerouted', at: now, by: 'ann', data: { reason: 'aimbot', reports } }]);
  });

  it('takes a reason that nobody owns, and one that nobody knows yet: such reports stay with triage', () => {
    for (const reason of ['griefing', 'team_sabotage']) {
      const { after, events } = given(triageCase, states['mine']).when(reroute(reason, reportOf('r1')));
      expect(events).toHaveLength(1);
      expect(triageCase.decide(after, reroute('aimbot', reportOf('r1')))).toMatchObject({
        value: [{ data: { reports: [{ reportId: 'r1', priorReasons: ['other', reason] }] } }],
      });
    }
  });

  it('goes by the longer history, whether this case or the view has it', () => {
    const history = [...states['mine']!, step('CaseReportsRerouted', { reason: 'griefing', reports: [reportOf('r1')] })];
    const priorReasonsFrom = (report: RoutedReport) => {
      const [first] = given(triageCase, history).when(reroute('macro', report)).events;
      return first!.type === 'CaseReportsRerouted' && first!.data.reports[0]!.priorReasons;
    };
    expect(priorReasonsFrom(reportOf('r1'))).toEqual(['other', 'griefing']);
    expect(priorReasonsFrom(reportOf('r1', 'other', 'griefing', 'teaming'))).toEqual(['other', 'griefing', 'teaming']);
  });

  it('passes over reports that have the reason, and names each once', () => {
    const { events } = given(triageCase, states['mine']).when(
      reroute('griefing', reportOf('r1', 'griefing'), reportOf('r2'), reportOf('r2')),
    );
    expect(events).toMatchObject([{ data: { reports: [{ reportId: 'r2' }] } }]);
    expect(given(triageCase, states['mine']).when(reroute('other', reportOf('r1'))).events).toEqual([]);
  });

  it('takes all that are open where none is named, and again nothing: they are gone', () => {
    const all = command({ kind: 'reroute', reason: 'aimbot', reports: [reportOf('r0'), reportOf('r1'), reportOf('r2')] });
    const { events, again } = given(triageCase, states['mine']).when(all);
    expect(events).toMatchObject([{ data: { reports: [{ reportId: 'r1' }, { reportId: 'r2' }] } }]);
    expect(again).toMatchObject({ error: { code: 'wrong_state' } });
  });

  it('divides what is more than a step may name', () => {
    const reports = Array.from({ length: 450 }, (_, i) => reportOf(`m${i}`));
    const openReports = reports.map(({ reportId }) => ({ reportId, reason: 'other', filedAt: earlier }));
    const { events } = given(triageCase, states['mine']).when(
      command({ kind: 'reroute', reason: 'aimbot', ...named(...reports) }, ann, { openReports }),
    );
    const moved = events.map((event) => (event.type === 'CaseReportsRerouted' ? event.data.reports : []));
    expect(moved.map(({ length }) => length)).toEqual([200, 200, 50]);
    expect(moved.flat()).toEqual(reports);
  });

  it('names as many reports as can be stored in one piece, and the rest with the next command', () => {
    const reports = Array.from({ length: reroutedPerCommandMax + 1 }, (_, i) => reportOf(`m${i}`));
    const openReports = reports.map(({ reportId }) => ({ reportId, reason: 'other', filedAt: earlier }));
    const all = command({ kind: 'reroute', reason: 'aimbot', reports }, ann, { openReports });
    const { events, again } = given(triageCase, states['mine']).when(all);
    expect(events).toHaveLength(reroutedPerCommandMax / 200);
    expect(again).toMatchObject({ value: [{ data: { reports: [{ reportId: `m${reroutedPerCommandMax}` }] } }] });
    const explicit = command({ kind: 'reroute', reason: 'aimbot', ...named(...reports) }, ann, { openReports });
    expect(given(triageCase, states['mine']).when(explicit).refusal).toMatchObject({ code: 'invalid', pointer: '/reportIds' });
  });

  it('lets nothing go twice, and closes nothing that it gave away, whatever the view still shows', () => {
    const { state } = given(triageCase, states['rerouted']);
    expect(triageCase.decide(state, reroute('macro', reportOf('r1')))).toMatchObject({ error: { code: 'wrong_state' } });
    const dismiss = command({ kind: 'decide', verdict: 'dismiss', facts: 'A matter of taste.', sanctions: [] });
    expect(triageCase.decide(state, dismiss)).toMatchObject({
      value: [{ type: 'DecisionMade', data: { decision: { reportIds: ['r2'] } } }],
    });
  });

  it.each<[string, readonly RoutedReport[], string]>([
    ['names no report', [], 'invalid'],
    ['names a report that is not open', [reportOf('r1'), reportOf('r9')], 'invalid'],
    [
      'names a report with as long a history as one may have',
      [reportOf('r1', ...Array<string>(priorReasonsMax + 1).fill('other'))],
      'wrong_state',
    ],
    ['names what every object has', [reportOf('constructor')], 'invalid'],
  ])('is refused where it %s', (_, reports, code) => {
    expect(given(triageCase, states['mine']).when(reroute('aimbot', ...reports)).refusal.code).toBe(code);
  });

  it('lets a report go for good that came back to triage before, and was given to a team then', () => {
    const away = reroute('aimbot', reportOf('r1', 'other', 'griefing', 'teaming'));
    const { after } = given(triageCase, states['mine']).when(away);
    const dismiss = command({ kind: 'decide', verdict: 'dismiss', facts: 'A matter of taste.', sanctions: [] });
    expect(triageCase.decide(after, dismiss)).toMatchObject({ value: [{ data: { decision: { reportIds: ['r2'] } } }] });
    const again = given(triageCase, states['mine']).when(reroute('macro', reportOf('r1', 'other', 'griefing', 'aimbot')));
    expect(again.refusal.detail).toContain('was rerouted as aimbot');
  });

  it('is refused where it names a report that nothing is on file of', () => {
    const unknown = command({ kind: 'reroute', reason: 'aimbot', reportIds: ['r1'], reports: [] });
    expect(given(triageCase, states['mine']).when(unknown).refusal).toEqual({
      ...{ code: 'invalid', detail: 'The case has no report r1.', pointer: '/reportIds' },
    });
  });

  it('passes over open reports that nothing is on file of yet, where none is named', () => {
    const some = command({ kind: 'reroute', reason: 'aimbot', reports: [reportOf('r2')] });
    expect(given(triageCase, states['mine']).when(some).events).toMatchObject([{ data: { reports: [{ reportId: 'r2' }] } }]);
    const none = command({ kind: 'reroute', reason: 'aimbot', reports: [] });
    expect(given(triageCase, states['mine']).when(none).refusal).toMatchObject({ code: 'wrong_state' });
  });

  it('takes a report with one reason less than the longest history, as one that the contract takes', () => {
    const long = reportOf('r1', ...Array<string>(priorReasonsMax).fill('other'));
    const { events } = given(triageCase, states['mine']).when(reroute('aimbot', long));
    expect(events).toMatchObject([{ data: { reports: [{ priorReasons: long.priorReasons }] } }]);
    expect(() => eventOfStep(events[0]!, 2)).not.toThrow();
  });

  it.each<[string, readonly RoutedReport[], RegExp, string | undefined]>([
    ['is with a team already', [reportOf('r1', 'other', 'aimbot')], /^Report r1 was rerouted as aimbot: it is with/, undefined],
    ['is not open', [reportOf('r9')], /^Report r9 is not among the open reports/, '/reportIds'],
    [
      'was rerouted too often',
      [reportOf('r1', ...Array<string>(priorReasonsMax + 1).fill('other'))],
      /^Report r1 was rerouted 16 times\. Close it/,
      undefined,
    ],
  ])('says of a report that it %s', (_, reports, sentence, pointer) => {
    const { refusal } = given(triageCase, states['mine']).when(reroute('macro', ...reports));
    expect(refusal.detail).toMatch(sentence);
    expect(refusal.pointer).toBe(pointer);
  });

  it.each([pat, reader])('is not for $sub', (by) => {
    const { refusal } = given(triageCase, states['mine']).when(
      command({ kind: 'reroute', reason: 'aimbot', reports: [reportOf('r1')] }, by),
    );
    expect(refusal.code).toBe('forbidden');
  });
});

it('does not reroute what a decision covers, whatever the views still show', () => {
  const dismiss = command({ kind: 'decide', verdict: 'dismiss', facts: 'A matter of taste.', sanctions: [] });
  const { after } = given(triageCase, states['mine']).when(dismiss);
  expect(triageCase.decide(after, reroute('aimbot', reportOf('r1')))).toMatchObject({
    error: { code: 'invalid', pointer: '/reportIds' },
  });
});

describe('closing', () => {
  it('covers the reports that are open, with a reason', () => {
    const dismiss = (facts: string) => command({ kind: 'decide', verdict: 'dismiss', facts, sanctions: [] });
    const reportIds = background.openReports.map(({ reportId }) => reportId);
    expect(given(triageCase, states['mine']).when(dismiss('A matter of taste.')).events).toMatchObject([
      { type: 'DecisionMade', data: { decision: { verdict: 'dismiss', reportIds } } },
    ]);
    expect(given(triageCase, states['mine']).when(dismiss(' ')).refusal).toMatchObject({ code: 'invalid', pointer: '/facts' });
  });

  it('upholds nothing and imposes nothing', () => {
    const sanctions = [{ kind: 'warn' }] as const;
    const uphold = command({ kind: 'decide', verdict: 'uphold', facts: 'Rude.', sanctions });
    expect(given(triageCase, states['mine']).when(uphold).refusal).toMatchObject({
      ...{ code: 'invalid', pointer: '/verdict', detail: expect.stringContaining('reroute the reports') },
    });
    const dismiss = command({ kind: 'decide', verdict: 'dismiss', facts: 'Rude.', sanctions });
    expect(given(triageCase, states['mine']).when(dismiss).refusal).toMatchObject({ code: 'invalid', pointer: '/sanctions' });
  });
});

describe('what other topics hear of a rerouting', () => {
  const { matchId, occurredAt } = { matchId: 'm1', occurredAt: earlier };
  const event = createEvent(caseReportsRerouted, {
    data: {
      ...{ caseId: 'c1', team: 'others-triage', game: 'stormfall', subjectId: 's1', caseVersion: 2, by: 'ann' },
      reason: 'aimbot',
      reports: [{ ...reportOf('r1'), matchId, occurredAt }, reportOf('r2', 'other', 'griefing')],
    },
    ...{ time: now, region: 'eu-west-1', source: 'others-triage' },
  });

  it('is each report with its new reason and all that it had before', () => {
    expect(reroutingsOf(event, {})).toMatchObject([
      {
        ...{ stream: 'report-r1', sequence: 2, time: now, region: 'eu-west-1', causationId: event.id },
        data: {
          ...{ reportId: 'r1', reporterId: 'p1', game: 'stormfall', subjectId: 's1', subjectHomeRegion: 'eu-west-1' },
          ...{ reason: 'aimbot', priorReasons: ['other'], reroutedAt: now, reroutedBy: 'others-triage', matchId, occurredAt },
        },
      },
      { stream: 'report-r2', sequence: 3, data: { priorReasons: ['other', 'griefing'] } },
    ]);
  });

  it('names the home of the player where another region works the case in its place', () => {
    const [first] = reroutingsOf(event, { adopted: { basedOn: 1, homeRegion: 'us-east-1' } });
    expect(first).toMatchObject({ region: 'eu-west-1', data: { subjectHomeRegion: 'us-east-1' } });
  });

  it('keeps to the contract, and has the same ids when it is published again', () => {
    const events = reroutingsOf(event, {});
    for (const one of events) expect(decodeEvent(toRecord(one).bytes)).toEqual({ ok: true, value: one });
    expect(new Set(events.map(({ id }) => id)).size).toBe(2);
    expect(reroutingsOf(event, {})).toEqual(events);
  });

  it('hands on the trace of the request, where it had one', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect(reroutingsOf({ ...event, traceparent }, {}).map((one) => one.traceparent)).toEqual([traceparent, traceparent]);
    for (const one of reroutingsOf(event, {})) expect(one).not.toHaveProperty('traceparent');
  });

  it('is nothing of other steps, nor who did it', () => {
    expect(JSON.stringify(reroutingsOf(event, {}))).not.toContain('ann');
    expect(reroutingsOf({ ...event, type: 'CaseNoted', data: { ...event.data, text: 'x' } } as never, {})).toEqual([]);
  });
});
