import { describe, expect, it } from '@jest/globals';

import { appealsAreKept } from './appeals.js';

const accepted = {
  appealId: 'appeal-1',
  decisionId: 'case-1.4',
  caseId: 'case-1',
  service: 'some-team',
  region: 'eu',
};
const step = (type: string, appealId = 'appeal-1') => ({ type, text: JSON.stringify({ data: { appealId } }) });

/** What is said of one accepted appeal, where these are on the log and these are the steps of its case. */
function faultsOf(filed: readonly string[], steps: readonly object[], answered: readonly object[] = [accepted]): string[] {
  const region = { name: 'eu', storeOf: () => ({ streams: new Map([['case-case-1', { events: steps }]]) }) };
  const lying = filed.map((appealId) => ({ event: { type: 'AppealFiled', data: { appealId } } }));
  const events = new Map([[region, new Map([['appeals', lying]])]]);
  return appealsAreKept({ regions: [region] } as never, answered as never, events as never);
}

describe('accepted appeals', () => {
  it.each(['AppealOpened', 'AppealRefused'])('are kept where they are on the log and the case has %s', (type) => {
    expect(faultsOf(['appeal-1'], [step('CaseDecided'), step(type)])).toEqual([]);
  });

  it('are lost where the log does not have them', () => {
    expect(faultsOf(['appeal-2'], [step('AppealOpened')])).toEqual([expect.stringMatching('the log of eu does not have it')]);
  });

  it.each([
    [0, []],
    [0, [step('AppealOpened', 'appeal-2')]],
    [2, [step('AppealOpened'), step('AppealOpened')]],
  ])('are taken up once, and not %d times', (times, steps) => {
    expect(faultsOf(['appeal-1'], steps)).toEqual([expect.stringMatching(`${times} times`)]);
  });

  it('are one against each decision', () => {
    const answered = [accepted, accepted, { ...accepted, appealId: 'appeal-2' }];
    const faults = faultsOf(['appeal-1', 'appeal-2'], [step('AppealOpened'), step('AppealRefused', 'appeal-2')], answered);
    expect(faults).toEqual([expect.stringMatching('answered appeal-1, and then appeal-2')]);
  });
});
