import { StartupError } from '@ringside/core';
import { discoverServices } from '@ringside/service-processes';
import type { CaseCommands, CommandAnswer, CommandContent, Sender, SubscriberRuntime, Team } from '@ringside/team-kit';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What answers the command by which reports are given another reason, in a team that has it. */
export type Rerouting = new (
  commands: CaseCommands,
  runtime: SubscriberRuntime,
) => {
  reroute(params: { readonly caseId: string }, sender: Sender, body: CommandContent): Promise<CommandAnswer>;
};

/** A team of the workspace, with what it has beside what every team hands to the kit. */
export interface PlayedTeam extends Team {
  readonly Rerouting?: Rerouting;
}

/** As far as a run asks for what the library of a team's service exports. */
interface TeamLibrary {
  readonly team?: Team;
  readonly RerouteController?: Rerouting;
}

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** The teams of the workspace, in the order of their ports. They are found and loaded by their names, so that each can leave. */
export async function teamsOfWorkspace(): Promise<readonly PlayedTeam[]> {
  const services = discoverServices(root).filter(({ team }) => team !== undefined);
  const teams = await Promise.all(services.map(({ main }) => teamOf(dirname(dirname(main)))));
  if (teams.length === 0) throw new StartupError('There is no team in the workspace: nothing can be played.');
  return teams;
}

/** Of an app, which has its team from the library of its service. */
async function teamOf(app: string): Promise<PlayedTeam> {
  const manifest = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8')) as { dependencies?: Record<string, string> };
  for (const library of Object.keys(manifest.dependencies ?? {})) {
    if (!library.endsWith('-service')) continue;
    const { team, RerouteController } = (await import(library)) as TeamLibrary;
    if (team !== undefined) return { ...team, ...(RerouteController !== undefined && { Rerouting: RerouteController }) };
  }
  throw new StartupError(`${app} has the cases of a team, and depends on no library that exports one.`);
}
