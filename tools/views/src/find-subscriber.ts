import { fileURLToPath } from 'node:url';
import { StartupError } from '@ringside/core';
import { viewKeepersIn, type ViewKeeper } from '@ringside/service-processes';
import { subscriberOf, type Subscriber, type Team } from '@ringside/team-kit';

/** What a service's library exports: a team, or (report-intake) a subscriber of its own. */
interface ServiceLibrary {
  readonly team?: Team;
  readonly reportSubscriber?: Subscriber;
}

const workspace = fileURLToPath(new URL('../../..', import.meta.url));

/** Whose views there are. */
export const viewKeepers = (): readonly ViewKeeper[] => viewKeepersIn(workspace);

/** The names that {@link libraryOf} takes, for people: "abuse, triage (or others-triage)". */
export const namesOf = (keepers: readonly ViewKeeper[]): string =>
  keepers
    .map(({ library, service: { name, team = name } }) => (team === library ? library : `${library} (or ${team})`))
    .join(', ');

/** The library whose name it is, or whose team or service has it; throws {@link StartupError} for a name that nobody has. */
export function libraryOf(name: string, keepers: readonly ViewKeeper[]): string {
  const found = keepers.find(({ library, service }) => [library, service.team, service.name].includes(name));
  if (found !== undefined) return found.library;
  throw new StartupError(`Nobody in this workspace who keeps views is called "${name}": choose one of ${namesOf(keepers)}.`);
}

/**
 * The subscriber whose views are asked for. Its library is found by its name and loaded when it is asked for, so that a team
 * can leave the workspace. Throws {@link StartupError} for a name that nobody has.
 */
export async function findSubscriber(name: string): Promise<Subscriber> {
  const library = libraryOf(name, viewKeepers());
  const { team, reportSubscriber } = (await import(`@ringside/${library}-service`)) as ServiceLibrary;
  const subscriber = team === undefined ? reportSubscriber : subscriberOf(team);
  if (subscriber === undefined) throw new StartupError(`The service "${library}" keeps no views: it exports no team.`);
  return subscriber;
}
