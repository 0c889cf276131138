import { describe, expect, it } from '@jest/globals';
import type { SanctionOrder } from '@ringside/casework';

import { hasLastingBan } from './sanction-ladder.js';

describe('sanctions that need a second pair of eyes', () => {
  it.each<[string, readonly SanctionOrder[], boolean]>([
    ['a ban without an end', [{ kind: 'warn' }, { kind: 'ban' }], true],
    ['a ban of more than a year', [{ kind: 'ban', durationHours: 8_761 }], true],
    ['a ban of a year', [{ kind: 'ban', durationHours: 8_760 }], false],
    ['a suspension, however long', [{ kind: 'suspend', durationHours: 87_600 }], false],
    ['none', [], false],
  ])('%s', (_what, sanctions, needed) => {
    expect(hasLastingBan(sanctions)).toBe(needed);
  });
});
