import { randomOf } from '@ringside/random';

import { until } from './processes.fixture.js';
import { caseOf, emptyLedger, reportFrom, workOn, type Ledger } from './region-loss.fixture.js';
import { post, type Region, type Regions } from './regions.fixture.js';

/** Players of all regions who report each other, and people of us who decide its cases wherever that is done. */
export interface Load {
  readonly ledger: Ledger;
  /** Of the players of us. */
  readonly caseIds: readonly string[];
  /** Resolves when so many commands have been taken. */
  atCommand(count: number): Promise<void>;
  /** Tells the people of us to work in another region. They go where a 421 sends them, all the same. */
  direct(region: string): void;
  /** A lead lets cases go on without what is lost, from now on. */
  allowGoingOn(): void;
  /** The same people at work in us as well, in another window, where they do not go where they are sent. */
  startPeopleWhoStay(): { decided(): Promise<void>; stop(): Promise<void> };
  /** Nobody reports or decides, so that everything can settle. */
  pausePeople(): Promise<void>;
  whileWorking<T>(work: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

const playersPerRegion = 6;
const persons = ['wanda', 'walt', 'wilma'];

/** The people are the same in each round, for they have claims; their commands are others. */
let rounds = 0;

export async function startLoad(regions: Regions, seed: number): Promise<Load> {
  const round = ++rounds;
  const ledger = emptyLedger();
  const region = (name: string): Region => regions.region(name);
  const playersOf = (name: string) => Array.from({ length: playersPerRegion }, (_, index) => `${name}-player-${index}`);
  const subjects = playersOf('us');
  let mayGoOn = false;
  let directed: Region | undefined;
  let people: { readonly over: AbortController; readonly all: Promise<unknown> } | undefined;
  let sending = 0;
  const staying = new AbortController();

  async function startPeople(): Promise<void> {
    const over = new AbortController();
    const { signal } = over;
    const client = () => ({ ledger, signal, random: randomOf(seed + ++sending) });
    const reporters = regions.all.map(({ name }) => {
      const places = [region(name), ...regions.all.filter((other) => other.name !== name)];
      return reportFrom(places, [...playersOf(name), ...subjects], client());
    });
    const workers = persons.map(async (sub) => {
      const keys = `${sub}-${round}-${++sending}`;
      const token = await regions.tokenOf({ sub, roles: ['lead'] });
      return workOn([region('us'), region('eu')], {
        ...client(),
        sub,
        token,
        keys,
        subjects,
        mayGoOn: () => mayGoOn,
        directedTo: () => directed,
      });
    });
    const all = Promise.all([...reporters, ...workers]);
    // Whoever stops them hears of it.
    all.catch(() => undefined);
    people = { over, all };
  }
  async function stopPeople(): Promise<void> {
    const stopping = people;
    people = undefined;
    stopping?.over.abort();
    await stopping?.all;
  }

  await fileOneEach(region('us'), subjects, ledger);
  await startPeople();
  return {
    ledger,
    caseIds: subjects.map(caseOf),
    atCommand: async (count) =>
      void (await until(`${count} commands are taken`, 90, () => (ledger.commands.length >= count ? true : undefined))),
    direct: (name) => (directed = region(name)),
    allowGoingOn: () => (mayGoOn = true),
    startPeopleWhoStay: () => {
      const since = ledger.commands.length;
      const all = Promise.all(
        persons.map(async (sub) => {
          const keys = `${sub}-${round}-stays`;
          const token = await regions.tokenOf({ sub, roles: ['lead'] });
          const client = { ledger, signal: staying.signal, random: randomOf(seed + ++sending) };
          return workOn([region('us')], { ...client, sub, token, keys, subjects, mayGoOn: () => false, stays: true });
        }),
      );
      all.catch(() => undefined);
      const decidedBoth = (): boolean => {
        const later = ledger.commands.slice(since).filter(({ kind }) => kind === 'decide');
        const inUs = new Set(later.filter((one) => one.region === 'us').map(({ caseId }) => caseId));
        return later.filter((one) => one.region === 'eu' && inUs.has(one.caseId)).length >= 3;
      };
      return {
        decided: async () =>
          void (await until('cases are decided in both regions', 60, () => (decidedBoth() ? true : undefined))),
        stop: async () => {
          staying.abort();
          await all;
        },
      };
    },
    pausePeople: stopPeople,
    whileWorking: async (work) => {
      await startPeople();
      try {
        return await work();
      } finally {
        await stopPeople();
      }
    },
    stop: () => {
      staying.abort();
      return stopPeople();
    },
  };
}

async function fileOneEach(region: Region, subjects: readonly string[], ledger: Ledger): Promise<void> {
  for (const subjectId of subjects) {
    const report = { game: 'stormfall', reporterId: 'reporter', subjectId, reason: 'aimbot' };
    const { status, body } = await post<{ reportId: string }>(`${region.urlOf('report-intake')}/v1/reports`, '', report);
    if (status !== 202) throw new Error(`A report in ${region.name} was answered ${status}.`);
    ledger.reports.push({ reportId: body.reportId, region: region.name, at: Date.now() });
  }
}
