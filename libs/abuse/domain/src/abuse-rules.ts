import type { CaseRules, ReasonWeight } from '@ringside/casework';
import { reasonsOf } from '@ringside/events';

const captured: ReadonlySet<string> = new Set(reasonsOf('abuse'));

/** Severity by the harm to a person; a danger to life or to a child is looked at within the hour. */
const weights: Readonly<Record<string, ReasonWeight>> = {
  child_safety: { severity: 10, decideWithinHours: 1, first: true },
  self_harm: { severity: 10, decideWithinHours: 1, first: true },
  threat: { severity: 9, decideWithinHours: 12 },
  hate_speech: { severity: 7, decideWithinHours: 24 },
  harassment: { severity: 6, decideWithinHours: 48 },
  offensive_name: { severity: 3, decideWithinHours: 168 },
  spam: { severity: 2, decideWithinHours: 168 },
};

/** For a reason that the contract gives to this team and that is not weighed here yet. */
const unweighed: ReasonWeight = { severity: 6, decideWithinHours: 48 };

export const abuseRules: CaseRules = {
  team: 'abuse',
  captures: (reason) => captured.has(reason),
  weigh: (reason) => weights[reason] ?? unweighed,
};
