import { caseIdOf } from '@ringside/casework';
import type { RingsideEvent } from '@ringside/events';

/**
 * Why the ids in an event are not those of the case that it is about; undefined where they are. A case's id derives from its team, game
 * and player, and the ids of its decisions and sanctions from the case's. With the id of another case an event would lie under the key of
 * one player and take positions in the history of another's.
 */
export function foreignIdIn({ data }: RingsideEvent): string | undefined {
  if (!('caseId' in data)) return undefined;
  const { caseId, team, game } = data;
  const player = 'subjectId' in data ? data.subjectId : data.playerId;
  if (caseId !== caseIdOf(team, game, player))
    return 'The caseId is not that of the team, game and player that the event names.';
  const own = `${caseId}.`;
  if ('sanctionId' in data && !data.sanctionId.startsWith(own)) return 'The sanction is of another case than the event.';
  if ('decisionId' in data && !data.decisionId.startsWith(own)) return 'The decision is of another case than the event.';
  if (!('decision' in data) || data.decision === undefined) return undefined;
  const { decision } = data;
  if (!decision.decisionId.startsWith(own)) return 'The decision is of another case than the event.';
  const sanctions = 'sanctions' in decision ? decision.sanctions : [];
  return sanctions.every(({ sanctionId }) => sanctionId.startsWith(own))
    ? undefined
    : 'A sanction of the decision is of another case than the event.';
}
