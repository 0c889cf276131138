import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { naturalId } from '@ringside/core';
import type { Random } from '@ringside/random';

import { choose, type CaseBody } from './load-in-regions.fixture.js';
import { runNode, until } from './processes.fixture.js';
import { post, request, type Answer, type Region, type Regions } from './regions.fixture.js';

const game = 'stormfall';

/** What clients were told, with ms since the epoch of their hearing it. */
export interface Ledger {
  readonly reports: { readonly reportId: string; readonly region: string; readonly at: number }[];
  readonly commands: Taken[];
  /** How often a client was sent to another region (421), found nobody (no connection), or had to wait (503). */
  readonly told: { redirected: number; unreachable: number; incomplete: number };
  /** Answers that no client may get, whatever is lost. */
  readonly unheardOf: string[];
}

export interface Taken {
  readonly kind: string;
  readonly region: string;
  readonly caseId: string;
  readonly version: number;
  readonly at: number;
}

export const emptyLedger = (): Ledger => ({
  ...{ reports: [], commands: [], unheardOf: [] },
  told: { redirected: 0, unreachable: 0, incomplete: 0 },
});

export const caseOf = (subjectId: string): string => naturalId('case', 'cheating', game, subjectId);

/** No connection, or one that broke off: whether it was done nobody knows. */
const noAnswer: Answer<never> = { status: 0, body: undefined as never };
const orNone = <Body>(answer: Promise<Answer<Body>>): Promise<Answer<Body>> =>
  answer.catch((error: unknown) => {
    // Of another realm than the specs, so by its name.
    if ((error as Error).name === 'TypeError') return noAnswer;
    throw error;
  });

interface Client {
  readonly ledger: Ledger;
  readonly random: Random;
  readonly signal: AbortSignal;
}

/** Players of a region who report each other: at its intake, and where that is away, at the next one, as DNS has it. */
export async function reportFrom(
  regions: readonly Region[],
  subjects: readonly string[],
  { ledger, random, signal }: Client,
): Promise<void> {
  while (!signal.aborted) {
    const subjectId = random.pick(subjects);
    const report = { game, reporterId: `reporter-${random.below(500)}`, subjectId, reason: 'aimbot', description: 'Again.' };
    // The same key wherever it is sent: a sender who heard nothing sends it again.
    const headers = { 'idempotency-key': randomUUID() };
    for (const { name, urlOf } of regions) {
      const { status, body } = await orNone(
        post<{ reportId: string }>(`${urlOf('report-intake')}/v1/reports`, '', report, headers),
      );
      if (status === 202) {
        ledger.reports.push({ reportId: body.reportId, region: name, at: Date.now() });
        break;
      }
      if (status !== 0) ledger.unheardOf.push(`report in ${name}: ${status} ${JSON.stringify(body)}`);
      ledger.told.unreachable++;
    }
    await pause(100 + random.below(150));
  }
}

export interface Working extends Client {
  readonly sub: string;
  readonly token: string;
  /** What the keys of their commands begin with. */
  readonly keys: string;
  readonly subjects: readonly string[];
  /** Whether a lead may let a case go on without steps that are lost. */
  readonly mayGoOn: () => boolean;
  /** Where they are told to work, from when that changes; absent for nowhere in particular. */
  readonly directedTo?: () => Region | undefined;
  /** They stay where they are, whatever they are told there; absent for those who go where they are sent. */
  readonly stays?: boolean;
}

const refusals = new Set([404, 409, 412, 422]);

/** Somebody who decides cases wherever that is done: goes to the region that a 421 names, and to the next one where nobody answers. */
export async function workOn(places: readonly Region[], working: Working): Promise<void> {
  const { ledger, random, sub, token, keys, subjects, signal } = working;
  let place = places[0]!;
  let directed: Region | undefined;
  const leave = (): void => void (place = places.find((one) => one !== place) ?? place);
  for (let count = 0; !signal.aborted; count++) {
    await pause(20 + random.below(80));
    if (working.directedTo?.() !== directed) place = directed = working.directedTo!()!;
    const caseId = caseOf(random.pick(subjects));
    const team = `${place.urlOf('cheating-team')}/v1`;
    const seen = await orNone(request<CaseBody>(`${team}/cases/${caseId}`, token));
    if (seen.status === 0) {
      ledger.told.unreachable++;
      leave();
    }
    if (seen.status !== 200) continue;
    const [path, body] = choose(seen.body, sub, random);
    const url = path.startsWith('/decisions/') ? `${team}${path}` : `${team}/cases/${caseId}${path}`;
    const headers = { 'idempotency-key': `${keys}-${count}`, 'if-match': `"${seen.body.version}"` };
    const answer = await orNone(post<CommandAnswer>(url, token, body, headers));
    const outcome = { kind: path.split('/').at(-1)!, region: place.name, caseId, at: Date.now() };
    if (answer.status === 200) ledger.commands.push({ ...outcome, version: answer.body.version });
    else if (answer.status === 421) {
      ledger.told.redirected++;
      if (!working.stays) place = places.find(({ name }) => name === answer.body.homeRegion) ?? place;
    } else if (answer.status === 503) await goOn(`${team}/cases/${caseId}`, outcome, working);
    else if (answer.status === 0) leave();
    else if (!refusals.has(answer.status)) {
      ledger.unheardOf.push(`${path} in ${place.name}: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
  }
}

interface CommandAnswer {
  readonly version: number;
  readonly homeRegion?: string;
}

async function goOn(url: string, outcome: Omit<Taken, 'version'>, { ledger, token, mayGoOn }: Working): Promise<void> {
  ledger.told.incomplete++;
  if (!mayGoOn()) return;
  const reason = 'Its region is lost.';
  const { status, body } = await orNone(post<CommandAnswer>(`${url}/go-on`, token, { reason }));
  if (status === 200) ledger.commands.push({ ...outcome, kind: 'go-on', version: body.version });
}

/** `npm run ring -- promote`, as somebody of the Platform team gives it. Resolves with how long it took, in ms. */
export async function promote(
  regions: Regions,
  home: string,
  { to, at, reason }: Readonly<Record<'to' | 'at' | 'reason', string>>,
): Promise<number> {
  const startedAt = performance.now();
  const url = regions.region(at).urlOf('platform');
  const args = ['promote', home, '--to', to, '--reason', reason, '--url', url, '--issuer', regions.issuerUrl];
  const command = runNode('tools/ring/dist/main.js', args);
  const code = await command.exited;
  if (code !== 0) throw new Error(`Nobody was promoted (${code}): ${command.output()}${command.stderr()}`);
  return performance.now() - startedAt;
}

/** The first command that was taken in a region since then, of those that begin or continue work there. */
export const firstTaken = (ledger: Ledger, region: string, since: number): Promise<Taken> =>
  until(`a command is taken in ${region}`, 60, () => ledger.commands.find((one) => one.region === region && one.at >= since));

/** Notes on a case of the home, until the region sends its sender to another one. Resolves with those that it took before. */
export async function noteUntilRefused(region: Region, token: string, subjectId: string): Promise<readonly Taken[]> {
  const taken: Taken[] = [];
  const url = `${region.urlOf('cheating-team')}/v1/cases/${caseOf(subjectId)}`;
  await until(`${region.name} refuses commands`, 60, async () => {
    const seen = await request<CaseBody>(url, token);
    const headers = { 'idempotency-key': randomUUID(), 'if-match': `"${seen.body.version}"` };
    const { status, body } = await post<CommandAnswer>(`${url}/note`, token, { text: 'Still here.' }, headers);
    const taking = { kind: 'note', region: region.name, caseId: caseOf(subjectId), at: Date.now() };
    if (status === 200) taken.push({ ...taking, version: body.version });
    return status === 421 ? true : undefined;
  });
  return taken;
}
