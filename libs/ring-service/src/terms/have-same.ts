import { sharedTopics } from '../holdings/holdings.js';
import type { Convergence } from '../convergence/convergence.js';
import type { Placement } from '@ringside/data-ring';

/** People go on working while a home is given back: what they do now is on its way. */
const onItsWayMs = 10_000;

/**
 * Compares now, in either of the two regions, what they have of the topics whose events come from the home. What is on its way between
 * them for less than `RINGSIDE_RING_SETTLE_MS`, 10 s at least, counts for nothing. A sentence says why they are not known to have the same.
 */
export const haveSame =
  (convergence: Convergence, placement: Placement) =>
  async (home: string, standIn: string): Promise<true | string> => {
    const { region } = placement;
    const other = region === home ? standIn : home;
    const insist = 'To give it back all the same, and lose what was decided since, say so (force).';
    if (region !== home && region !== standIn) {
      return `Whether ${home} has what ${standIn} did in its place is known in these two alone: ask the platform service of one. ${insist}`;
    }
    const topics = sharedTopics(placement).filter(({ origin, regions }) => origin === home && regions.includes(other));
    for (const { name: topic } of topics) {
      const [round] = await convergence.now({ repairs: false, peer: other, topic, settleMsMin: onItsWayMs });
      const compared = round?.topics.find((one) => one.topic === topic);
      if (compared === undefined) {
        return `${topic} could not be compared with ${other}: ${round?.problem ?? 'this region takes in its own log'}. ${insist}`;
      }
      const lacking = region === home ? compared.missingHere.length : compared.missingThere;
      if (lacking > 0 || compared.isCutShort)
        return `${home} lacks ${lacking} events or more of ${topic}. Repair it first. ${insist}`;
    }
    return true;
  };
