import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { StartupError } from '@ringside/core';
import { subscriberOf, type Subscriber, type Team } from '@ringside/team-kit';

/** What a service's library exports: a team, or (report-intake) a subscriber of its own. */
interface ServiceLibrary {
  readonly team?: Team;
  readonly reportSubscriber?: Subscriber;
}

const packages = fileURLToPath(new URL('../../../node_modules/@ringside', import.meta.url));

/**
 * The subscriber whose views are asked for. Its library is found by its name and loaded when it is asked for, so that a team
 * can leave the workspace. Throws {@link StartupError} for a name that nobody has.
 */
export async function findSubscriber(name: string): Promise<Subscriber> {
  const known = knownNames();
  if (!known.includes(name)) {
    throw new StartupError(`There is no team "${name}" in this workspace: choose one of ${known.join(', ')}.`);
  }
  const { team, reportSubscriber } = (await import(`@ringside/${name}-service`)) as ServiceLibrary;
  const subscriber = team === undefined ? reportSubscriber : subscriberOf(team);
  if (subscriber === undefined) throw new StartupError(`The service "${name}" keeps no views: it exports no team.`);
  return subscriber;
}

/** Links of packages that were deleted may still be there. */
const knownNames = (): readonly string[] =>
  readdirSync(packages)
    .filter((entry) => entry.endsWith('-service') && existsSync(join(packages, entry, 'package.json')))
    .map((entry) => entry.slice(0, -'-service'.length));
