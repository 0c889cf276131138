import { sanctionHoursMax, type SanctionKind } from '@ringside/events';

import type { Refusal, SanctionOrder } from './case-command.js';
import type { CaseworkPolicy } from './casework-policy.js';
import { refusal } from './refusal.js';

/** Whether a kind of sanction has a duration. A ban without one is permanent. */
const durations: Readonly<Record<SanctionKind, 'never' | 'always' | 'optional'>> = {
  warn: 'never',
  mute: 'always',
  suspend: 'always',
  ban: 'optional',
};

/** What is wrong with the sanctions whichever player they are for. Says the first fault. */
export function faultOfSanctions(
  sanctions: readonly SanctionOrder[],
  { team, sanctionKinds }: Pick<CaseworkPolicy, 'team' | 'sanctionKinds'>,
): Refusal | undefined {
  const seen = new Set<SanctionKind>();
  for (const [index, { kind, durationHours }] of sanctions.entries()) {
    if (!sanctionKinds.includes(kind)) {
      const kinds = sanctionKinds.join(', ');
      return refusal('invalid', `The ${team} team does not impose ${kind}. Choose among ${kinds}.`, `/sanctions/${index}/kind`);
    }
    if (seen.has(kind)) {
      return refusal('invalid', `Impose ${kind} once, with the longer duration.`, `/sanctions/${index}/kind`);
    }
    seen.add(kind);
    const fault = faultOfDuration(kind, durationHours);
    if (fault !== undefined) return refusal('invalid', fault, `/sanctions/${index}/durationHours`);
  }
  return undefined;
}

function faultOfDuration(kind: SanctionKind, hours: number | undefined): string | undefined {
  if (hours === undefined) return durations[kind] === 'always' ? `Say for how many hours to ${kind}.` : undefined;
  if (durations[kind] === 'never') return `Leave the duration out: ${kind} has none.`;
  if (Number.isInteger(hours) && hours >= 1 && hours <= sanctionHoursMax) return undefined;
  return `The duration must be a whole number of hours from 1 to ${sanctionHoursMax}.`;
}
