import type { RingsideEvent } from '@ringside/events';

import { fault, type PlacementFault } from './placement-fault.js';

/**
 * Why an event of a topic that all regions write must not be believed: it names another home of a player than policy does, or says
 * what a case has come to, which is for the region that works it. Otherwise any region could make any player's cases its own.
 */
export function wrongHome(
  event: RingsideEvent,
  {
    homeOf,
    successorsOf,
  }: { readonly homeOf: (playerId: string) => string; readonly successorsOf: (region: string) => readonly string[] },
): PlacementFault | undefined {
  const { data, type, region } = event;
  const player = 'subjectId' in data ? data.subjectId : 'playerId' in data ? data.playerId : undefined;
  if (player === undefined) return undefined;
  const home = homeOf(player);
  const named = 'subjectHomeRegion' in data ? data.subjectHomeRegion : 'homeRegion' in data ? data.homeRegion : home;
  if (named !== home) return fault('wrong_home', `The event says that the player's home is ${named}, and it is ${home}.`);
  if (region === home) return undefined;
  if (isStep(event) && event.data.caseVersion < firstOfTerms) {
    return fault(
      'not_by_this_region',
      `A step of the first term is for ${home} to say, the home of the player, and not for ${region}.`,
    );
  }
  if (!saidByHome.has(type) || successorsOf(home).includes(region)) return undefined;
  return fault(
    'not_by_this_region',
    `${type} is for ${home} to say, or for a region that stands in for it, and not for ${region}.`,
  );
}

/** Versions of the first term, in which a region works its own cases, are below: the term is in the bits above. */
const firstOfTerms = 2 ** 24;

/** How a case stands after a step, or the step itself. What a step imposed may be said again by whoever goes on with the case. */
const isStep = (event: RingsideEvent): event is Extract<RingsideEvent, { data: { caseVersion: number } }> =>
  'caseVersion' in event.data && event.type !== 'SanctionImposed';

/** What follows from the steps of a case. The steps themselves are on topics that only these regions write. */
const saidByHome: ReadonlySet<string> = new Set<RingsideEvent['type']>([
  'CaseProgressed',
  'ReportRerouted',
  'SanctionImposed',
  'SanctionReversed',
]);
