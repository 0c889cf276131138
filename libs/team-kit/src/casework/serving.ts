import { termOf, type CaseFile } from '@ringside/casework';
import { servingOf, servingRow } from '@ringside/data-ring';

import type { CommandRequest } from '../commands/aggregate.js';
import type { ViewReader } from '../subscriber.js';

/** The region that works a case, and in which term of its home. */
export interface Serving {
  readonly region: string;
  readonly term: number;
}

/**
 * As this region knows it: a promotion that it has not heard of yet makes what it does here superseded. Undefined where the case itself
 * shows that there was one.
 */
export async function servingOfCase(
  views: Pick<ViewReader, 'get'>,
  { homeRegion, streamVersion }: Pick<CaseFile, 'homeRegion' | 'streamVersion'>,
): Promise<Serving | undefined> {
  const { servedBy: region, term } = servingOf(homeRegion, await views.get(servingRow(homeRegion)));
  return termOf(streamVersion) > term ? undefined : { region, term };
}

/** A case that this region works. */
export interface CaseServed {
  readonly file: CaseFile;
  readonly term: number;
}

/** What a command says of where it is taken; nothing in the first term. */
export const servedIn = (
  { file: { homeRegion }, term }: CaseServed,
  withoutMissing = false,
): Pick<CommandRequest<never>, 'served'> =>
  term === 0 ? {} : { served: { term, homeRegion, ...(withoutMissing && { withoutMissing }) } };
