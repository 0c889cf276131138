import { setTimeout as pause } from 'node:timers/promises';
import { randomOf } from '@ringside/random';
import { until } from '@ringside/service-processes';
import type { Desk, Worker } from './case-requests.js';
import { work } from './case-workers.js';

export interface OfficeOptions {
  readonly seed: number;
  readonly intakeUrl: string;
  /** Of the instances of the team's service. The team must be the one for reports of aimbots. */
  readonly urls: readonly string[];
  readonly cases?: number;
  readonly people?: number;
  /** How long somebody thinks before a command, at most, in ms; not at all where absent. */
  readonly thinkingMsMax?: number;
  tokenFor(person: {
    readonly sub: string;
    readonly teams: readonly string[];
    readonly roles: readonly string[];
  }): Promise<string>;
}

/** People, their cases, and what the cases are made of. */
export interface Office {
  readonly intakeUrl: string;
  readonly desk: Desk;
  readonly workers: readonly Worker[];
  /** By case, as on the desk. */
  readonly reportIds: ReadonlyMap<string, string[]>;
  /** Whom a case is about. */
  readonly subjects: ReadonlyMap<string, string>;
}

const [casesUsual, peopleUsual] = [50, 20];
const answerMsMax = 15_000;
/** A server of a ring that was killed may take four minutes to start on a busy machine. */
const takenSecondsMax = 300;
/** One of so many is a lead. */
const peoplePerLead = 4;

/** Files the reports that the cases are made of, and gives everybody a token. */
export async function openOffice(options: OfficeOptions): Promise<Office> {
  const { seed, intakeUrl, urls, cases = casesUsual, people = peopleUsual, thinkingMsMax = 0, tokenFor } = options;
  const filed = new Map<string, string[]>();
  for (let i = 0; i < cases; i++) {
    const subjectId = `subject-${i}`;
    filed.set(subjectId, [await fileReport(intakeUrl, subjectId, 0), await fileReport(intakeUrl, subjectId, 1)]);
  }
  const subs = Array.from({ length: people }, (_, i) => (i * peoplePerLead < people ? `lead-${i}` : `worker-${i}`));
  const workers = await Promise.all(
    subs.map(async (sub, i): Promise<Worker> => {
      const isLead = sub.startsWith('lead');
      const token = await tokenFor({ sub, teams: ['cheating'], roles: [isLead ? 'lead' : 'case_worker'] });
      return { sub, isLead, token, random: randomOf(seed + i + 1) };
    }),
  );
  const [reportIds, subjects] = [new Map<string, string[]>(), new Map<string, string>()];
  for (const [subjectId, ids] of filed) {
    const caseId = await caseAbout(urls[0]!, workers[0]!.token, { subjectId, reports: ids.length });
    reportIds.set(caseId, ids);
    subjects.set(caseId, subjectId);
  }
  const desk: Desk = { caseIds: [...reportIds.keys()], reportIds, urls, subs, thinkingMsMax, history: [], unheardOf: [] };
  return { intakeUrl, desk, workers, reportIds, subjects };
}

/** Everybody works, and reports go on coming, until it is stopped: that resolves when nobody sends anything any more. */
export function startWork(office: Office, seed: number): { stop(): Promise<void> } {
  const over = new AbortController();
  const working = [
    ...office.workers.map((worker) => work(office.desk, worker, over.signal)),
    fileMore(office, seed, over.signal),
  ];
  return {
    async stop() {
      over.abort();
      await Promise.all(working);
    },
  };
}

/** Cases that were decided become open again. */
async function fileMore({ intakeUrl, reportIds, subjects, desk }: Office, seed: number, over: AbortSignal): Promise<void> {
  const random = randomOf(seed);
  while (!over.aborted) {
    const caseId = random.pick(desk.caseIds);
    const filed = reportIds.get(caseId)!;
    filed.push(await fileReport(intakeUrl, subjects.get(caseId)!, filed.length));
    await pause(500);
  }
}

/** Each report is of a reporter of its own, so that all of them count. Sent again until it is taken: the log may be away. */
async function fileReport(intakeUrl: string, subjectId: string, number: number): Promise<string> {
  const reporterId = `${subjectId}-reporter-${number}`;
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': reporterId },
    body: JSON.stringify({ game: 'stormfall', reporterId, subjectId, reason: 'aimbot' }),
  };
  return until(`report ${number} about ${subjectId} is taken`, takenSecondsMax, async () => {
    const signal = AbortSignal.timeout(answerMsMax);
    const response = await fetch(`${intakeUrl}/v1/reports`, { ...init, signal }).catch(() => undefined);
    const text = await response?.text().catch(() => undefined);
    return response?.status === 202 && text !== undefined ? (JSON.parse(text) as { reportId: string }).reportId : undefined;
  });
}

interface Dossier {
  readonly cases: readonly { readonly caseId: string; readonly reportCount: number }[];
}

const caseAbout = (
  url: string,
  token: string,
  { subjectId, reports }: { subjectId: string; reports: number },
): Promise<string> =>
  until(`there is a case about ${subjectId}`, 60, async () => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${url}/v1/players/${subjectId}`, { headers }).catch(() => undefined);
    if (!response?.ok) return undefined;
    const [found] = ((await response.json()) as Dossier).cases;
    return found?.reportCount === reports ? found.caseId : undefined;
  });
