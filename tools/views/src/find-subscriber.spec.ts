import { describe, expect, it } from '@jest/globals';
import type { ViewKeeper } from '@ringside/service-processes';
import { libraryOf, namesOf } from './find-subscriber.js';

const keeper = (library: string, name: string, team?: string): ViewKeeper => ({
  library,
  service: { name, main: '', portOffset: 0, ...(team !== undefined && { team }) },
});
const keepers = [
  keeper('intake', 'report-intake'),
  keeper('abuse', 'abuse-team', 'abuse'),
  keeper('triage', 'others-triage', 'others-triage'),
];

describe('whose views', () => {
  it('are named as the library, the team or the service', () => {
    for (const name of ['abuse', 'abuse-team']) expect(libraryOf(name, keepers)).toBe('abuse');
    for (const name of ['triage', 'others-triage']) expect(libraryOf(name, keepers)).toBe('triage');
    for (const name of ['intake', 'report-intake']) expect(libraryOf(name, keepers)).toBe('intake');
  });

  it("are listed where a name is nobody's, as in the help", () => {
    expect(namesOf(keepers)).toBe('intake (or report-intake), abuse, triage (or others-triage)');
    expect(() => libraryOf('ring', keepers)).toThrow(`"ring": choose one of ${namesOf(keepers)}.`);
  });
});
