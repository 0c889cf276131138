import { setTimeout as pause } from 'node:timers/promises';
import {
  isPublished,
  openOffice as open,
  readRecord,
  startWork,
  type Figures,
  type Office,
  type OnRecord,
} from '@ringside/casework-load';
import { randomOf, type Random } from '@ringside/random';
import { intakeOf } from './load.fixture.js';
import { runNode, until, type Running } from './processes.fixture.js';
import type { Ringside } from './ringside.fixture.js';

export const service = 'cheating-team';
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

/** Files the reports that the cases are made of, and gives everybody a token. */
export const openOffice = ({ portBase, ringside, seed }: Scenario, victims: readonly Victim[]): Promise<Office> =>
  open({
    seed,
    intakeUrl: intakeOf(ringside).url,
    urls: victims.map(({ url }) => url),
    tokenFor: async (person) => {
      const init = { method: 'POST', body: JSON.stringify(person) };
      const answer = await fetch(`http://127.0.0.1:${portBase + issuerPort}/token`, init);
      return ((await answer.json()) as { access_token: string }).access_token;
    },
  });

/** What happens while people work; resolves when it is over. */
export type Disturbance = (random: Random) => Promise<void>;

/** Everybody works, and reports go on coming, until the disturbance is over. */
export async function workThrough({ seed }: Scenario, office: Office, disturbance: Disturbance): Promise<void> {
  const working = startWork(office, seed);
  try {
    await disturbance(randomOf(seed));
  } finally {
    await working.stop();
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
