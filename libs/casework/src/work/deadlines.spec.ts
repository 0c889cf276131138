import { describe, expect, it } from '@jest/globals';

import { deadlinesOf } from './deadlines.js';
import { at, hours, report } from './lifecycle.fixture.js';

const answerTimes = (reason: string) =>
  reason === 'threat'
    ? { acknowledgeWithinHours: 1, decideWithinHours: 12 }
    : { acknowledgeWithinHours: 24, decideWithinHours: 72 };
const untouched = { acknowledgedAt: null, pausedMs: 0 };
const reports = [report('r1', 'spam', at(0)), report('r2', 'threat', at(60)), report('r3', 'spam', at(90))];

describe('deadlinesOf', () => {
  it('has none where nothing is open', () => {
    expect(deadlinesOf([], untouched, answerTimes)).toEqual([]);
  });

  it('goes by the report that is due first, not by the one that was first', () => {
    expect(deadlinesOf(reports, untouched, answerTimes)).toEqual([
      { deadline: 'acknowledge', dueAt: at(60 + hours(1)) },
      { deadline: 'decide', dueAt: at(60 + hours(12)) },
    ]);
  });

  it('wants nothing acknowledged that was there when somebody took the case on', () => {
    expect(deadlinesOf(reports, { ...untouched, acknowledgedAt: at(60) }, answerTimes)).toEqual([
      { deadline: 'acknowledge', dueAt: at(90 + hours(24)) },
      { deadline: 'decide', dueAt: at(60 + hours(12)) },
    ]);
    expect(deadlinesOf(reports, { ...untouched, acknowledgedAt: at(90) }, answerTimes)).toHaveLength(1);
  });

  it('moves by what the clock stood still', () => {
    const [, decide] = deadlinesOf(reports, { ...untouched, pausedMs: 30 * 60_000 }, answerTimes);
    expect(decide).toEqual({ deadline: 'decide', dueAt: at(90 + hours(12)) });
  });
});
