import type { CaseFile } from '@ringside/casework';
import { servingOf, servingRow } from '@ringside/data-ring';

import type { CommandRequest } from '../commands/aggregate.js';
import type { ViewReader } from '../subscriber.js';

/** The region that works the cases of a home, and in which term of it. */
export interface Serving {
  readonly region: string;
  readonly term: number;
}

/** As this region knows it: a promotion that it has not heard of yet makes what it does here superseded. */
export async function servingRegion(views: Pick<ViewReader, 'get'>, home: string): Promise<Serving> {
  const { servedBy: region, term } = servingOf(home, await views.get(servingRow(home)));
  return { region, term };
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
