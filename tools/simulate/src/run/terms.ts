import { Logger } from '@nestjs/common';
import { readPolicy } from '@ringside/platform';
import { fileURLToPath } from 'node:url';

import { plantedBugs } from '../planted/planted.js';
import { teamsOfWorkspace } from '../services/teams.js';
import { installMachine } from '../world/machine.js';
import type { Terms } from './run.js';

const policyPath = fileURLToPath(new URL('../../../../ring.yaml', import.meta.url));

/** Makes this thread one in which runs are played, and answers with the terms of each: a planted bug is a new one every time. */
export async function termsHere(bug?: string): Promise<() => Terms> {
  const planted = plantedBugs.find(({ name }) => name === bug);
  if (bug !== undefined && planted === undefined) throw new Error(`There is no planted bug "${bug}".`);
  Logger.overrideLogger(false);
  const [policy, teams] = [await readPolicy(policyPath), await teamsOfWorkspace()];
  installMachine();
  return () => ({ policy, teams, wrapping: planted?.plant() ?? {} });
}
