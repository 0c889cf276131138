import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ReportForm } from './report-form.js';
import { createTeamClient, type TeamClient } from './team-client.js';

/** A report as a fake team has it on file. */
export interface Filed {
  readonly reportId: string;
  form: ReportForm;
}

/** A team's API over plain lists, which a test can put out of order. */
export interface FakeTeam {
  readonly name: string;
  readonly client: TeamClient;
  readonly filed: Filed[];
  /** Report ids whose evidence is on file. */
  readonly evidence: string[];
  /** Cases that the open list leaves out. */
  readonly unlisted: Set<string>;
  /** Added to what each case counts. */
  miscount: number;
  close(): Promise<void>;
}

type State = Pick<FakeTeam, 'name' | 'filed' | 'evidence' | 'unlisted' | 'miscount'>;

/** The fake's pages are this short, whatever the limit asked for. */
const pageMax = 7;

export async function startFakeTeam(name: string): Promise<FakeTeam> {
  const state: State = { name, filed: [], evidence: [], unlisted: new Set(), miscount: 0 };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://fake');
    const answer = answerOf(state, pathname, Number(searchParams.get('cursor') ?? 0));
    response
      .writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = await createTeamClient({ url, connections: 4, patienceMs: 0 });
  return Object.assign(state, { client, close: () => closeBoth(client, server) });
}

async function closeBoth(client: TeamClient, server: Server): Promise<void> {
  await client.close();
  await new Promise((resolve) => server.close(resolve));
}

const caseIdOf = ({ form }: Filed): string => Buffer.from(`${form.subjectId} ${form.game}`).toString('base64url');

function groupedByCase(filed: readonly Filed[]): ReadonlyMap<string, readonly Filed[]> {
  const groups = new Map<string, Filed[]>();
  for (const one of filed) groups.set(caseIdOf(one), [...(groups.get(caseIdOf(one)) ?? []), one]);
  return groups;
}

function answerOf(state: State, path: string, from: number): unknown {
  const [, , resource, id = '', part] = path.split('/');
  const inCase = (caseId: string): readonly Filed[] => state.filed.filter((filed) => caseIdOf(filed) === caseId);
  const page = (items: readonly unknown[]) => ({
    items: items.slice(from, from + pageMax),
    nextCursor: from + pageMax < items.length ? String(from + pageMax) : null,
  });
  const cases = (mine: readonly Filed[]) => [...groupedByCase(mine).values()].map((filed) => caseFile(state, filed));
  if (resource === 'stats') return { team: state.name };
  if (resource === 'players')
    return { cases: cases(state.filed.filter(({ form }) => form.subjectId === decodeURIComponent(id))) };
  if (resource !== 'cases') return undefined;
  if (id === '') return page(cases(state.filed).filter(({ caseId }) => !state.unlisted.has(caseId)));
  if (part === 'reports') return page(inCase(id).map(reportSeen));
  if (part === 'evidence') {
    const evidence = state.evidence.filter((reportId) => inCase(id).some((filed) => filed.reportId === reportId));
    return page(evidence.map((reportId) => ({ reportId })));
  }
  return undefined;
}

function caseFile({ name, miscount }: State, filed: readonly Filed[]) {
  const { subjectId, game } = filed[0]!.form;
  const reasons: Record<string, number> = {};
  for (const { form } of filed) reasons[form.reason] = (reasons[form.reason] ?? 0) + 1;
  const distinctReporters = new Set(filed.map(({ form }) => form.reporterId)).size;
  return {
    caseId: caseIdOf(filed[0]!),
    team: name,
    subjectId,
    game,
    reportCount: filed.length + miscount,
    distinctReporters,
    reasons,
  };
}

const reportSeen = ({ reportId, form }: Filed) => ({
  reportId,
  reporterId: form.reporterId,
  reason: form.reason,
  firstReason: form.reason,
  occurredAt: form.occurredAt ?? null,
  matchId: form.matchId ?? null,
  hasEvidence: form.description !== undefined || form.evidence !== undefined,
  active: true,
});
