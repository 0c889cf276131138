import {
  caseRow,
  isSuperseded,
  playerSanctionsTable,
  standingSanctionsOf,
  type CaseFile,
  type CaseRules,
  type StandingSanction,
} from '@ringside/casework';
import { deriveUuidv7 } from '@ringside/core';
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

/** More than one player ever has at one time. */
const sanctionsMax = 1_000;

/**
 * What a superseded step imposed ends: a region that was away may have published it before it heard that another one works the case,
 * or after. Said by the region that works the case now, whichever region's event shows it: what was imposed, where the views have the
 * later term already, or a step of the later term, where they have what was imposed. One of the two comes second.
 */
export function reverseSuperseded({ team }: Pick<CaseRules, 'team'>): Reaction {
  return {
    name: 'ReverseSuperseded',
    // Of which region the event is says nothing: one of them answers for the case, and the others find that it is not they.
    runs: 'everywhere',
    concerns: (event) =>
      (event.type === 'SanctionImposed' || (event.type === 'CaseProgressed' && event.data.basedOn !== undefined)) &&
      event.data.team === team,
    react: async (anyEvent, context) => {
      const { data } = anyEvent as SanctionImposed | CaseProgressed;
      const file = (await context.views.get(caseRow(data.caseId))) as unknown as CaseFile | undefined;
      if (file?.terms === undefined) return [];
      const serving = await servingOfCase(context.views, file);
      if (serving?.region !== context.region) return [];
      const rows = await context.views.page(playerSanctionsTable, file.subjectId, { limit: sanctionsMax });
      const standing = standingSanctionsOf(
        file.caseId,
        rows.map(({ value }) => value),
      );
      return standing.filter((one) => isSuperseded(stepOf(one), file.terms)).map((one) => reversal(one, context));
    },
  };
}

/** The step that imposed it; the one that decided it, where nobody wrote down which. */
const stepOf = ({ imposed: { caseVersion, decisionId } }: StandingSanction): number =>
  caseVersion ?? Number(decisionId.slice(decisionId.lastIndexOf('.') + 1));

/** The same event whatever showed it: as of when it was imposed, for it never had any right to be. */
function reversal({ imposed, imposedBy }: StandingSanction, { region, source }: ReactionContext): RingsideEvent {
  const { sanctionId, playerId, game, team, caseId, decisionId, from } = imposed;
  const data: SanctionReversed['data'] = { sanctionId, playerId, game, team, caseId, decisionId, because: 'superseded' };
  return createEvent(sanctionReversed, {
    data,
    id: deriveUuidv7(imposedBy, 'SanctionReversed/superseded'),
    time: from,
    ...{ region, source, causationId: imposedBy },
  });
}
