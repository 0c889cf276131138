import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Team } from '@ringside/team-kit';

/** A team of the workspace by its name; undefined where it has left. Loaded by its name, so that it can. */
export async function findTeam(name: string): Promise<Team | undefined> {
  const folder = fileURLToPath(new URL(`../../../node_modules/@ringside/${name}-service/package.json`, import.meta.url));
  if (!existsSync(folder)) return undefined;
  return ((await import(`@ringside/${name}-service`)) as { readonly team: Team }).team;
}
