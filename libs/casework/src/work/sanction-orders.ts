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

/** What is wrong with the sanctions whichever player they are for: of each, its first fault. */
export function faultsOfSanctions(
  sanctions: readonly SanctionOrder[],
  policy: Pick<CaseworkPolicy, 'team' | 'sanctionKinds'>,
): readonly Refusal[] {
  return sanctions.flatMap((sanction, index) => {
    const isSecond = sanctions.slice(0, index).some(({ kind }) => kind === sanction.kind);
    const fault = faultOfKind(sanction.kind, isSecond, policy);
    if (fault !== undefined) return [refusal('invalid', fault, `/sanctions/${index}/kind`)];
    const ofDuration = faultOfDuration(sanction.kind, sanction.durationHours);
    return ofDuration === undefined ? [] : [refusal('invalid', ofDuration, `/sanctions/${index}/durationHours`)];
  });
}

function faultOfKind(
  kind: SanctionKind,
  isSecond: boolean,
  { team, sanctionKinds }: Pick<CaseworkPolicy, 'team' | 'sanctionKinds'>,
): string | undefined {
  if (!sanctionKinds.includes(kind)) {
    return `The ${team} team does not impose ${kind}. Choose among ${sanctionKinds.join(', ')}.`;
  }
  if (!isSecond) return undefined;
  return durations[kind] === 'never' ? `Impose ${kind} once.` : `Impose ${kind} once, with the longer duration.`;
}

function faultOfDuration(kind: SanctionKind, hours: number | undefined): string | undefined {
  if (hours === undefined) return durations[kind] === 'always' ? `Say for how many hours to ${kind}.` : undefined;
  if (durations[kind] === 'never') return `Leave the duration out: ${kind} has none.`;
  if (Number.isInteger(hours) && hours >= 1 && hours <= sanctionHoursMax) return undefined;
  return `The duration must be a whole number of hours from 1 to ${sanctionHoursMax}.`;
}
