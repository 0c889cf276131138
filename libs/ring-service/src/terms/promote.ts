import { err, isoTime, ok, turns, uuidv7, type Clock, type Result } from '@ringside/core';
import {
  nextTerm,
  servingOf,
  servingRow,
  termKeys,
  termRow,
  ringTermsTable,
  type Placement,
  type ServingTerm,
} from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';
import { createEvent, regionPromoted, termsMax } from '@ringside/events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ViewReader } from '@ringside/team-kit';

import { serviceName } from '../subscriber.js';

export interface Promotion {
  readonly home: string;
  /** The region that is to work its cases; itself, when it is back. */
  readonly servedBy: string;
  readonly reason: string;
  /** The term that this is to be, where whoever asks has looked: it is refused when another came first. */
  readonly term?: number | undefined;
  readonly by: string;
  /** Gives a home back though it may not have what was done in its place. */
  readonly force?: boolean | undefined;
}

export interface HomeTerms {
  readonly home: string;
  readonly servedBy: string;
  readonly term: number;
  /** Every promotion that counts, the latest first. */
  readonly history: readonly ServingTerm[];
}

/** Why nobody was promoted. `raced`: another promotion came first, in this region or, as is seen afterwards, in another. */
export interface PromotionRefusal {
  readonly code:
    'unknown_home' | 'no_successor' | 'not_concerned' | 'serves_already' | 'raced' | 'not_compared' | 'terms_exhausted';
  /** A sentence for people. */
  readonly message: string;
  readonly serving: { readonly servedBy: string; readonly term: number };
}

export interface Promoted extends ServingTerm {
  /** Whether this region's views have it yet: the other regions get it as they get all events. */
  readonly isInViews: boolean;
}

const viewsMsMax = 5_000;

export interface PromoterOptions {
  readonly placement: Placement;
  readonly log: EventLog;
  readonly views: () => ViewReader;
  readonly clock: Clock;
  /** Whether two regions have the same of the cases of a home, or a sentence that says why that is not known or not so. */
  readonly haveSame: (home: string, standIn: string) => Promise<true | string>;
}

/**
 * Gives the cases of a home to a region, in the next of its terms. Promotions of one home wait for each other here; those of two regions
 * that do not know of each other have different terms, or the same region in it, of which the one with the lower id counts.
 */
export function promoterOf({
  placement,
  log,
  views,
  clock,
  haveSame,
}: PromoterOptions): (promotion: Promotion) => Promise<Result<Promoted, PromotionRefusal>> {
  const inTurn = turns();
  /** The last promotion of each home by this process, as views may be behind. */
  const given = new Map<string, PromotionRefusal['serving']>();
  const settled = async (home: string, term: number): Promise<ServingTerm | undefined> => {
    const deadline = performance.now() + viewsMsMax;
    for (;;) {
      const row = (await views().get(termRow(home, term))) as ServingTerm | undefined;
      if (row !== undefined || performance.now() > deadline) return row;
      await sleep(25);
    }
  };
  const promote = async ({
    home,
    servedBy,
    reason,
    by,
    term: wanted,
    force = false,
  }: Promotion): Promise<Result<Promoted, PromotionRefusal>> => {
    const seen = servingOf(home, await views().get(servingRow(home)));
    const last = given.get(home);
    const serving = last !== undefined && last.term > seen.term ? last : seen;
    const refusal = refusalOf({ home, servedBy, wanted }, serving, placement);
    if (refusal !== undefined) return err(refusal);
    // Whoever takes the cases back without what was done in its place works them as they were, and what was decided since has no effect.
    const same = force || servedBy !== home ? true : await haveSame(home, serving.servedBy);
    if (same !== true) return err({ code: 'not_compared', message: same, serving });
    const term = nextTerm(serving.term, servedBy, placement.successorsOf(home));
    const now = clock();
    const time = isoTime(now);
    const data = { home, servedBy, term, by, reason };
    const id = uuidv7(now);
    const event = createEvent(regionPromoted, { data, time, id, region: placement.region, source: serviceName });
    await log.append([placement.recordOf(event)]);
    given.set(home, { servedBy, term });
    const known = await settled(home, term);
    if (known !== undefined && known.eventId !== id) {
      const message = `${known.servedBy} was promoted in term ${term} by ${known.by} at the same time, and that one counts.`;
      return err({ code: 'raced', message, serving: known });
    }
    return ok({ ...data, promotedAt: time, eventId: id, isInViews: known !== undefined });
  };
  return (promotion) => inTurn(promotion.home, () => promote(promotion));
}

function refusalOf(
  { home, servedBy, wanted }: { readonly home: string; readonly servedBy: string; readonly wanted: number | undefined },
  serving: PromotionRefusal['serving'],
  { region, regions, successorsOf }: Placement,
): PromotionRefusal | undefined {
  const refuse = (code: PromotionRefusal['code'], message: string): PromotionRefusal => ({ code, message, serving });
  if (!regions.includes(home)) return refuse('unknown_home', `The ring has no region "${home}": it has ${regions.join(', ')}.`);
  if (!successorsOf(home).includes(servedBy)) {
    const may = successorsOf(home).join(', ');
    return refuse('no_successor', `Nobody but ${may} may work the cases of ${home}: regions.${home}.successors of the policy.`);
  }
  if (!successorsOf(home).includes(region)) {
    const may = successorsOf(home).join(', ');
    return refuse('not_concerned', `Nobody believes ${region} who serves ${home}: ask the platform service of ${may}.`);
  }
  const next = nextTerm(serving.term, servedBy, successorsOf(home));
  if (wanted !== undefined && wanted !== next) {
    return refuse(
      'raced',
      `The next term of ${home} for ${servedBy} is ${next}: ${serving.servedBy} serves it in term ${serving.term}.`,
    );
  }
  if (serving.servedBy === servedBy) {
    return refuse('serves_already', `${servedBy} serves ${home} already, in term ${serving.term}.`);
  }
  if (next > termsMax)
    return refuse('terms_exhausted', `${home} has had the last of ${termsMax} terms, and there are no more.`);
  return undefined;
}

/** Who serves each home of the ring, and how that came. */
export async function termsOf(views: ViewReader, { regions }: Placement): Promise<readonly HomeTerms[]> {
  return Promise.all(
    regions.map(async (home) => {
      const rows = await views.page(ringTermsTable, home, { ...termKeys, limit: termsMax, descending: true });
      return {
        home,
        ...pick(servingOf(home, rows[0]?.value)),
        history: rows.map(({ value }) => value as unknown as ServingTerm),
      };
    }),
  );
}

const pick = ({ servedBy, term }: { readonly servedBy: string; readonly term: number }) => ({ servedBy, term });
