import { setTimeout as pause } from 'node:timers/promises';
import {
  type Desk,
  type Worker,
  work,
  isPublished,
  type Figures,
  readRecord,
  type OnRecord,
  randomFrom,
  type Random,
} from '@ringside/casework-load';
import { intakeOf } from './load.fixture.js';
import { runNode, until, type Running } from './processes.fixture.js';
import { getJson, type Ringside } from './ringside.fixture.js';

export const service = 'cheating-team';
const casesInAll = 50;
const clients = 20;
const leads = 5;
/** Offsets of ports: of the second instance, and of the development issuer. */
const [secondPort, issuerPort] = [8, 9];

export interface Scenario {
  readonly data: string;
  readonly portBase: number;
  readonly ringside: Ringside;
  readonly env: NodeJS.ProcessEnv;
  readonly seed: number;
}

/** An instance of the team's service that can be killed. */
export interface Victim {
  readonly url: string;
  /** Ends it as a power cut does; resolves when it, or its successor, works again. */
  kill(): Promise<void>;
}

/** The instance that `npm start` keeps, and another one on the same log and store. */
export async function twoInstances({ data, portBase, ringside, env }: Scenario): Promise<readonly [Victim, Victim]> {
  const first = ringside.teams.find(({ name }) => name === service)!;
  let deaths = 0;
  const url = `http://127.0.0.1:${portBase + secondPort}`;
  const settings = { ...env, ...ringside.authEnv, RINGSIDE_DATA: data, RINGSIDE_PORT: String(portBase + secondPort) };
  const start = (): Running => runNode(`apps/${service}/dist/main.js`, [], settings);
  let second = start();
  await untilReady(url);
  return [
    {
      url: first.url,
      async kill() {
        process.kill(ringside.pidOf(service), 'SIGKILL');
        await ringside.untilBack(service, ++deaths);
      },
    },
    {
      url,
      async kill() {
        second.signal('SIGKILL');
        await second.exited;
        second = start();
        await untilReady(url);
      },
    },
  ];
}

const untilReady = (url: string): Promise<true> =>
  until(`${url} is ready`, 60, async () => {
    const ready = await fetch(`${url}/health/ready`).catch(() => undefined);
    return ready?.status === 200 ? true : undefined;
  });

export interface Office {
  readonly desk: Desk;
  readonly workers: readonly Worker[];
  /** By case, as on the desk. */
  readonly reportIds: ReadonlyMap<string, string[]>;
  /** Whom a case is about. */
  readonly subjects: ReadonlyMap<string, string>;
}

/** Files the reports that the cases are made of, and gives everybody a token. */
export async function openOffice({ portBase, ringside, seed }: Scenario, victims: readonly Victim[]): Promise<Office> {
  const filed = new Map<string, string[]>();
  for (let i = 0; i < casesInAll; i++) {
    const subjectId = `subject-${i}`;
    filed.set(subjectId, [await fileReport(ringside, subjectId, 0), await fileReport(ringside, subjectId, 1)]);
  }
  const [reportIds, subjects] = [new Map<string, string[]>(), new Map<string, string>()];
  for (const [subjectId, ids] of filed) {
    const caseId = await caseAbout(victims[0]!.url, subjectId, ids.length);
    reportIds.set(caseId, ids);
    subjects.set(caseId, subjectId);
  }
  const subs = Array.from({ length: clients }, (_, i) => (i < leads ? `lead-${i}` : `worker-${i}`));
  const workers = await Promise.all(
    subs.map(async (sub, i): Promise<Worker> => {
      const isLead = sub.startsWith('lead');
      const person = { sub, teams: ['cheating'], roles: [isLead ? 'lead' : 'case_worker'] };
      const init = { method: 'POST', body: JSON.stringify(person) };
      const answer = await fetch(`http://127.0.0.1:${portBase + issuerPort}/token`, init);
      const { access_token: token } = (await answer.json()) as { access_token: string };
      return { sub, isLead, token, random: randomFrom(seed + i + 1) };
    }),
  );
  const urls = victims.map(({ url }) => url);
  const desk: Desk = { caseIds: [...reportIds.keys()], reportIds, urls, subs, history: [], unheardOf: [] };
  return { desk, workers, reportIds, subjects };
}

/** Each report is of a reporter of its own, so that all of them count. Sent again until it is taken: the log may be away. */
async function fileReport(ringside: Ringside, subjectId: string, number: number): Promise<string> {
  const reporterId = `${subjectId}-reporter-${number}`;
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': reporterId },
    body: JSON.stringify({ game: 'stormfall', reporterId, subjectId, reason: 'aimbot' }),
  };
  return until(`report ${number} about ${subjectId} is taken`, 90, async () => {
    const response = await fetch(`${intakeOf(ringside).url}/v1/reports`, init).catch(() => undefined);
    return response?.status === 202 ? ((await response.json()) as { reportId: string }).reportId : undefined;
  });
}

interface Dossier {
  readonly cases: readonly { readonly caseId: string; readonly reportCount: number }[];
}

const caseAbout = (url: string, subjectId: string, reports: number): Promise<string> =>
  until(`there is a case about ${subjectId}`, 60, async () => {
    const [found] = (await getJson<Dossier>(`${url}/v1/players/${subjectId}`)).cases;
    return found?.reportCount === reports ? found.caseId : undefined;
  });

/** What happens while people work; resolves when it is over. */
export type Disturbance = (random: Random) => Promise<void>;

/** Everybody works, and reports go on coming, until the disturbance is over. */
export async function workThrough(scenario: Scenario, office: Office, disturbance: Disturbance): Promise<void> {
  const random = randomFrom(scenario.seed);
  const over = new AbortController();
  const working = office.workers.map((worker) => work(office.desk, worker, over.signal));
  const filing = fileMore(scenario.ringside, office, random, over.signal);
  try {
    await disturbance(random);
  } finally {
    over.abort();
    await Promise.all([...working, filing]);
  }
}

/** Cases that were decided become open again. */
async function fileMore(ringside: Ringside, office: Office, random: Random, over: AbortSignal): Promise<void> {
  const { reportIds, subjects, desk } = office;
  while (!over.aborted) {
    const caseId = random.pick(desk.caseIds);
    const filed = reportIds.get(caseId)!;
    filed.push(await fileReport(ringside, subjects.get(caseId)!, filed.length));
    await pause(500);
  }
}

/** Kills it so often, each time at any moment of some seconds in which it works. */
export async function killAtRandom(victim: Victim, kills: number, random: Random): Promise<void> {
  for (let kill = 0; kill < kills; kill++) {
    await pause(500 + random.below(2_000));
    await victim.kill();
  }
}

/** All that is stored is published, and nothing is under way any more. */
export const settled = ({ data, env }: Scenario, { desk: { caseIds } }: Office): Promise<OnRecord> =>
  until('all that is stored is published', 90, async () => {
    const record = await readRecord({ data, service, caseIds, env });
    if (isPublished(record)) return record;
    await pause(1_000);
    return undefined;
  });

export function printFigures(title: string, figures: Figures & Readonly<Record<string, number>>): void {
  const shown = Object.entries(figures).map(([name, value]) => `${name} ${value}`);
  process.stdout.write(`${title}: ${shown.join(', ')}\n`);
}
