import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import {
  createTeamClient,
  expectationOf,
  reasonsOffered,
  verify,
  type DifferenceKind,
  type SentReport,
} from '@ringside/loadgen';
import { viewKeepersIn } from '@ringside/service-processes';

import type { Services } from './services.js';

/** What is left after a scenario, looked at from outside. */
export interface Verification {
  readonly sent: number;
  readonly accepted: number;
  readonly unknown: number;
  readonly refused: number;
  /** Differences of each kind. */
  readonly differences: Readonly<Record<DifferenceKind, number>>;
  readonly viewsCompared: number;
  readonly viewsDiffering: readonly string[];
  /** In words; none where all promises were kept. */
  readonly faults: readonly string[];
}

const patienceMs = 60_000;
const connections = 6;
const shownMax = 10;
const kinds: readonly DifferenceKind[] = ['lost', 'doubled', 'misplaced', 'foreign', 'altered', 'miscounted', 'unlisted'];

/** Checks through the services' APIs that each accepted report is where it must be, once, and then that views are what the log says. */
export async function verifyAll(root: string, services: Services, sent: readonly SentReport[]): Promise<Verification> {
  const faults: string[] = [];
  const counted = await verifyReports(services, sent, faults);
  const viewsDiffering: string[] = [];
  const subscribers = viewKeepersIn(root).map(({ library }) => library);
  for (const name of subscribers) {
    const { code, output } = await compareViews(root, services, name);
    if (code === 0) continue;
    viewsDiffering.push(name);
    faults.push(`the views of ${name} are not what the log says: ${output.trim().split('\n').slice(-4).join(' / ')}`);
  }
  return { ...counted, viewsCompared: subscribers.length, viewsDiffering, faults };
}

async function verifyReports(services: Services, sent: readonly SentReport[], faults: string[]) {
  const token = await services.token({ sub: 'chaos', roles: ['read_only'] });
  const reasons = await reasonsOffered(services.intake.url);
  const teams = await Promise.all(services.teams.map(({ url }) => createTeamClient({ url, token, connections, patienceMs })));
  const expectation = expectationOf(sent, reasons);
  const verdict = await verify({ teams, expectation, width: connections * teams.length, patienceMs });
  await Promise.all(teams.map((team) => team.close()));
  for (const { kind, team, subjectId, reportId, detail } of verdict.differences.slice(0, shownMax)) {
    faults.push(`${kind}: ${team}, ${reportId === undefined ? subjectId : `report ${reportId}`} ${detail}`);
  }
  const more = verdict.differences.length - shownMax;
  if (more > 0) faults.push(`and ${more} differences more`);
  const outcomes = (kind: string): number => sent.filter(({ outcome }) => outcome.kind === kind).length;
  const differences = Object.fromEntries(
    kinds.map((kind) => [kind, verdict.differences.filter((one) => one.kind === kind).length]),
  ) as Record<DifferenceKind, number>;
  return {
    sent: sent.length,
    accepted: outcomes('accepted'),
    unknown: outcomes('unknown'),
    refused: outcomes('refused'),
    differences,
  };
}

/** `npm run views:rebuild -- --check`: the live views against those that are built anew, row for row. */
export async function compareViews(root: string, { data, env }: Pick<Services, 'data' | 'env'>, team: string) {
  const args = [join(root, 'tools/views/dist/main.js'), '--team', team, '--check', '--data', data];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code: signal ?? code, output };
}
