import {
  caseRow,
  isSuperseded,
  playerSanctionsTable,
  sanctionsOfCase,
  standingSanctionsOf,
  termOf,
  type CaseFile,
  type CaseRules,
  type StandingSanction,
} from '@ringside/casework';
import { deriveUuidv7 } from '@ringside/core';
import { servingOf, termRow } from '@ringside/data-ring';
import {
  createEvent,
  sanctionReversed,
  type CaseProgressed,
  type RingsideEvent,
  type SanctionImposed,
  type SanctionReversed,
} from '@ringside/events';

import { servingOfCase } from '../casework/serving.js';
import type { Reaction, ReactionContext } from '../subscriber.js';

/** More than one case ever imposes on its player. */
const sanctionsMax = 1_000;

/**
 * What a superseded step imposed ends: a region that was away may have published it before it heard that another one works the case,
 * or after. Whichever region's event shows it: what was imposed, where the views have the later term already, or a step of the later
 * term, where they have what was imposed. One of the two comes second.
 *
 * Said by the region that imposed it, and by the one that works the case now. Either may be lost; and the one that works it may have
 * been given it after it heard of the later term, and lost it before it heard of the sanction. Where both say so, the first one tells.
 */
export function reverseSuperseded({ team }: Pick<CaseRules, 'team'>): Reaction {
  return {
    name: 'ReverseSuperseded',
    // Of which region the event is says nothing: those that answer for the case find that they do, and the others that they do not.
    runs: 'everywhere',
    concerns: (event) =>
      (event.type === 'SanctionImposed' || (event.type === 'CaseProgressed' && event.data.basedOn !== undefined)) &&
      event.data.team === team,
    react: async (anyEvent, context) => {
      const { data } = anyEvent as SanctionImposed | CaseProgressed;
      const file = (await context.views.get(caseRow(data.caseId))) as unknown as CaseFile | undefined;
      if (file?.terms === undefined) return [];
      const range = sanctionsOfCase(file.caseId);
      const rows = await context.views.page(playerSanctionsTable, file.subjectId, { ...range, limit: sanctionsMax });
      const standing = standingSanctionsOf(
        file.caseId,
        rows.map(({ value }) => value),
      );
      const superseded = standing.filter((one) => isSuperseded(stepOf(one), file.terms));
      if (superseded.length === 0) return [];
      const isServing = (await servingOfCase(context.views, file))?.region === context.region;
      const isTold = await Promise.all(superseded.map(async (one) => isServing || (await imposedHere(one, file, context))));
      return superseded.filter((_, i) => isTold[i]).map((one) => reversal(one, context));
    },
  };
}

/** Each region works cases in terms of its own. */
async function imposedHere(one: StandingSanction, { homeRegion }: CaseFile, context: ReactionContext): Promise<boolean> {
  const term = termOf(stepOf(one));
  const row = term === 0 ? undefined : await context.views.get(termRow(homeRegion, term));
  if (term > 0 && row === undefined) return false;
  return servingOf(homeRegion, row).servedBy === context.region;
}

/** The step that imposed it; the one that decided it, where nobody wrote down which. */
const stepOf = ({ imposed: { caseVersion, decisionId } }: StandingSanction): number =>
  caseVersion ?? Number(decisionId.slice(decisionId.lastIndexOf('.') + 1));

/** The same event whatever showed it to this region: as of when it was imposed, for it never had any right to be. */
function reversal({ imposed, imposedBy }: StandingSanction, { region, source }: ReactionContext): RingsideEvent {
  const { sanctionId, playerId, game, team, caseId, decisionId, from } = imposed;
  const data: SanctionReversed['data'] = { sanctionId, playerId, game, team, caseId, decisionId, because: 'superseded' };
  return createEvent(sanctionReversed, {
    data,
    id: deriveUuidv7(imposedBy, `SanctionReversed/superseded/${region}`),
    time: from,
    ...{ region, source, causationId: imposedBy },
  });
}
