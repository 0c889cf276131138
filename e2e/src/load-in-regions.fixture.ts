import { setTimeout as pause } from 'node:timers/promises';
import { naturalId } from '@ringside/core';
import type { Random } from '@ringside/random';

import { runNode, type Running } from './processes.fixture.js';
import { post, request, type Answer, type Region, type Regions } from './regions.fixture.js';

const game = 'stormfall';

/** Cases that people of a region work on: those of its own players. */
export interface Caseload {
  readonly caseIds: readonly string[];
  /** How many commands were taken, by kind. */
  readonly taken: Map<string, number>;
  /** Answers that no client may get, whatever becomes of the links. */
  readonly unheardOf: string[];
}

/** Reports about some players of the region's own: what its people work on. */
export async function openCaseload(region: Region, cases: number): Promise<Caseload> {
  const subjects = Array.from({ length: cases }, (_, index) => `${region.name}-player-${index}`);
  for (const subjectId of subjects) {
    const report = { game, reporterId: `reporter-of-${subjectId}`, subjectId, reason: 'wallhack', description: 'Again.' };
    const { status } = await post(`${region.urlOf('report-intake')}/v1/reports`, '', report);
    if (status !== 202) throw new Error(`A report in ${region.name} was answered ${status}.`);
  }
  const caseIds = subjects.map((subjectId) => naturalId('case', 'cheating', game, subjectId));
  return { caseIds, taken: new Map(), unheardOf: [] };
}

/** Reports in a region, so many a second, until they are all in. */
export function fileReports(
  region: Region,
  token: string,
  options: Readonly<Record<'reports' | 'rate' | 'seed', number>>,
): Running {
  const urls = ['--url', region.urlOf('report-intake'), '--team', ...region.teams.map(({ url }) => url)];
  const amounts = ['--reports', String(options.reports), '--rate', String(options.rate), '--connections', '4'];
  const args = [...urls, ...amounts, '--seed', `${region.name}-${options.seed}`];
  return runNode('tools/loadgen/dist/main.js', args, { LOADGEN_TOKEN: token });
}

export interface CaseBody {
  readonly version: number;
  readonly claim: { readonly by: string } | null;
  readonly heldSince: string | null;
  readonly decisions: readonly { readonly decisionId: string; readonly state: string }[];
}

/** Somebody of a region who gives commands on its cases until the signal. */
export async function workIn(
  regions: Regions,
  region: Region,
  caseload: Caseload,
  { random, sub, signal }: { readonly random: Random; readonly sub: string; readonly signal: AbortSignal },
): Promise<void> {
  const token = await regions.tokenOf({ sub, roles: ['lead'] });
  for (let count = 0; !signal.aborted; count++) {
    const url = `${region.urlOf('cheating-team')}/v1/cases/${random.pick(caseload.caseIds)}`;
    const seen = await request<CaseBody>(url, token);
    if (seen.status === 200) {
      const [path, body] = choose(seen.body, sub, random);
      const to = path.startsWith('/decisions/') ? `${region.urlOf('cheating-team')}/v1${path}` : url + path;
      const headers = { 'idempotency-key': `${sub}-${count}`, 'if-match': `"${seen.body.version}"` };
      note(caseload, path, await post<{ type?: string }>(to, token, body, headers));
    }
    await pause(20 + random.below(100));
  }
}

/** What somebody does who sees the case so: path and body of a command. */
export function choose(
  { claim, heldSince, decisions }: CaseBody,
  sub: string,
  random: Random,
): readonly [path: string, body: object] {
  const reason = 'As the rules have it.';
  const inEffect = decisions.filter(({ state }) => state === 'in_effect');
  if (inEffect.length > 0 && random.chance(0.3)) return [`/decisions/${random.pick(inEffect).decisionId}/revert`, { reason }];
  if (claim === null && random.chance(0.7)) return ['/claim', {}];
  if (claim?.by !== sub || random.chance(0.3)) return ['/note', { text: reason }];
  if (heldSince !== null) return ['/resume', {}];
  const sanctions = [{ kind: 'suspend', durationHours: 24 }];
  return random.pick([
    ['/release', {}],
    ['/hold', { reason }],
    ['/escalate', { reason }],
    ['/decide', { verdict: 'uphold', clause: 'fair-play/2.1', facts: reason, sanctions }],
    ['/decide', { verdict: 'uphold', clause: 'fair-play/2.1', facts: reason, sanctions }],
    ['/decide', { verdict: 'dismiss', facts: reason }],
  ]);
}

/** Others were faster, or nothing is open any more. A link that is cut is nobody's reason to refuse anything. */
const refusals = new Set([404, 409, 412, 422]);

function note({ taken, unheardOf }: Caseload, path: string, { status, body }: Answer<{ readonly type?: string }>): void {
  const kind = path.split('/').at(-1)!;
  if (status === 200) taken.set(kind, (taken.get(kind) ?? 0) + 1);
  else if (!refusals.has(status)) unheardOf.push(`${path}: ${status} ${JSON.stringify(body)}`);
}
