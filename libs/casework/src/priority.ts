import type { CaseFile } from './case-file.js';
import type { CaseRules } from './case-rules.js';

export interface PriorityFactor {
  readonly name: 'severity' | 'reporters';
  readonly value: number;
  /** One sentence for the case worker. */
  readonly because: string;
}

export interface Priority {
  /** The product of the factors; higher comes first. */
  readonly score: number;
  readonly factors: readonly PriorityFactor[];
}

/**
 * How urgent a case is, and why. Reporters count by doublings: ten friends with a grudge weigh little more than eight, and
 * the place in the list moves rarely, not with every report.
 */
export function priorityOf(file: Pick<CaseFile, 'reasons' | 'distinctReporters'>, rules: CaseRules): Priority {
  const weights = Object.keys(file.reasons).map((reason) => ({ reason, severity: rules.weigh(reason).severity }));
  const gravest = weights.reduce((most, weight) => (weight.severity > most.severity ? weight : most), {
    reason: '',
    severity: 0,
  });
  const doublings = file.distinctReporters > 0 ? 1 + Math.floor(Math.log2(file.distinctReporters)) : 0;
  return {
    score: gravest.severity * doublings,
    factors: [
      {
        name: 'severity',
        value: gravest.severity,
        because: gravest.reason === '' ? 'Nothing is open.' : `${gravest.reason} is the gravest reason on file.`,
      },
      {
        name: 'reporters',
        value: doublings,
        because: `${file.distinctReporters} distinct ${file.distinctReporters === 1 ? 'player' : 'players'} reported; each doubling adds one.`,
      },
    ],
  };
}
