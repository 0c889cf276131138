import type { Outcome } from './scenario.js';
import type { Verification } from './verification.js';

/** What a scenario did, beside what the verification found. */
export interface Disturbed {
  readonly figures: Outcome['figures'];
  readonly faults?: readonly string[];
}

export interface Played {
  /** What was done, and what came of the casework meanwhile. */
  readonly parts: readonly Disturbed[];
  readonly verification: Verification;
  /** Of services that nobody has killed, in words. */
  readonly ownDeaths: readonly string[];
  readonly mayEndItself: boolean;
}

const shownMax = 5;

/** Figures and faults of a scenario under load. Where nothing was accepted nothing was shown, so that is a fault as well. */
export function outcomeOf({ parts, verification, ownDeaths, mayEndItself }: Played): Outcome {
  const { accepted, unknown, refused, differences, viewsCompared, viewsDiffering } = verification;
  const { lost, doubled, ...others } = differences;
  return {
    figures: {
      ...Object.assign({}, ...parts.map(({ figures }) => figures)),
      ...{ accepted, unknown, lost, doubled },
      'otherwise wrong': Object.values(others).reduce((sum, count) => sum + count, 0),
      'views differing': `${viewsDiffering.length} of ${viewsCompared}`,
      'died by themselves': ownDeaths.length,
    },
    faults: [
      ...parts.flatMap(({ faults = [] }) => faults),
      ...(accepted === 0 ? ['no report was accepted: nothing was shown'] : []),
      // A report without any fault of its own is refused by nobody.
      ...(refused > 0 ? [`${refused} reports were refused for good`] : []),
      ...(mayEndItself ? [] : ownDeaths.slice(0, shownMax)),
      ...verification.faults,
    ],
  };
}
