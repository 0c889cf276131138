import { describe, expect, it } from '@jest/globals';

import { faultsOf, type FuzzReport } from './fuzz-report.js';

const report = (change: Partial<FuzzReport> = {}): FuzzReport => ({
  ...{ operations: { tested: 3, selected: 3 }, test_cases: { generated: 40 }, failures: [], errors: [] },
  ...change,
});

describe('a report of Schemathesis', () => {
  it('is of no fault where all was tested and nothing found', () => {
    expect(faultsOf(report(), 0)).toEqual([]);
  });

  it.each<[string, Partial<FuzzReport>, 0 | 1, string]>([
    ['a failure', { failures: [{ title: 'Server error', operations: ['GET /a', 'GET /b'] }] }, 1, 'Server error: GET /a'],
    ['an error', { errors: [{ message: 'no connection' }] }, 1, 'no connection'],
    ['operations left out', { operations: { tested: 1, selected: 3 } }, 0, '2 operations were not tested'],
    ['nothing selected', { operations: { tested: 0, selected: 0 } }, 0, 'no operation was selected'],
    ['nothing generated', { test_cases: { generated: 0 } }, 0, 'no request was generated'],
    ['an exit code that nothing explains', {}, 1, 'names nothing'],
  ])('does not hold with %s', (_name, change, code, fault) => {
    expect(faultsOf(report(change), code)[0]).toContain(fault);
  });

  it('names a dozen, and how many more there are', () => {
    const operations = Array.from({ length: 20 }, (_, i) => `GET /${i}`);
    const faults = faultsOf(report({ failures: [{ title: 'Server error', operations }] }), 1);
    expect([faults.length, faults.at(-1)]).toEqual([13, 'and 8 more']);
  });
});
