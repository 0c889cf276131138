import { takeStep, type CaseStep, type CommandContext } from '@ringside/casework';
import { bySystem } from '@ringside/events';

import type { CommandRequest } from './aggregate.js';
import type { CaseHistory } from './case-histories.js';

/** The first command of a term begins it, in one piece with its own steps. */
export function adoptionBefore(
  { version, state }: CaseHistory<{ readonly version: number }>,
  { served, command }: CommandRequest<CommandContext>,
): readonly CaseStep[] {
  if (served === undefined || served.term === 0 || version > 0) return [];
  const { term, homeRegion } = served;
  const byTheService = { ...command, by: { sub: bySystem, roles: [] } };
  return [takeStep(byTheService, 'CaseAdopted', { term, basedOn: state.version, homeRegion })];
}
