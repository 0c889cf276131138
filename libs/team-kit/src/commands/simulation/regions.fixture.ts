import { stepOf } from '@ringside/casework';
import { standalone } from '@ringside/data-ring';
import { casesTopic, decodeEvent, reportsTopic, type CaseEvent, type RingsideEvent } from '@ringside/events';
import type { NewRecord } from '@ringside/event-log';

import { hasPosition, noPositions, withPosition } from '../../positions.js';
import type { CommandRequest } from '../aggregate.js';
import { historyOf, type EarlierSteps } from '../earlier-steps.js';
import { intentsTable } from '../intents.js';
import { aRequest, notes, type NotebookCommand } from './notebook.fixture.js';
import { SimulatedProcess, type Heard } from './process.fixture.js';
import { simulatedLog, type LogContent } from './simulated-log.fixture.js';
import { emptyStore, rowsIn, simulatedStore, type StoreContent } from './simulated-store.fixture.js';
import { World, type Choose, type Move } from './world.fixture.js';

export const regionNames = ['eu', 'us'] as const;
export type RegionName = (typeof regionNames)[number];
/** Every case is at home there. */
export const home: RegionName = 'eu';
export const caseId = 'case-1';

/** How what is done with terms is broken, to see that it is noticed. */
export type TermBug =
  /** As if a region that was promoted took commands as in the first term. */
  | 'ignores terms'
  /** As if the steps did not say which command led to them. */
  | 'forgets what was taken elsewhere'
  /** As if all that follows from a step came with it. */
  | 'goes by the steps alone';

export interface RegionsScenario {
  /** By client: the commands that it sends, one after the other. */
  readonly clients: readonly (readonly CommandRequest<NotebookCommand>[])[];
  readonly crashesMax: number;
  readonly faultsMax: number;
  /** Each gives the case to the other region, in a term of its own. */
  readonly promotionsMax: number;
  /** How often a client sends a command, whatever it hears. */
  readonly sendingsMax: number;
  /** Some time the home is lost for good, with all that was not copied, and the other region is promoted. */
  readonly losesHome?: boolean;
  readonly bug?: TermBug;
}

export interface RegionSending {
  readonly request: CommandRequest<NotebookCommand>;
  readonly region: RegionName;
  /** In which the region took it to be taken. */
  readonly term: number;
  readonly heard: Heard;
}

export interface RegionEvidence {
  readonly logs: Readonly<Record<RegionName, LogContent>>;
  readonly sendings: readonly RegionSending[];
  readonly errors: readonly unknown[];
}

interface Region {
  readonly name: RegionName;
  readonly store: StoreContent;
  readonly log: LogContent;
  /** Who serves the case, as far as this region has heard. */
  term: number;
  /** Several, so that one may begin a term while another is about to. */
  readonly processes: SimulatedProcess[];
  /** By topic, how many of the other region's own records have come here. */
  readonly copied: Map<string, number>;
}

const stepsMax = 5_000;
const processesOfARegion = 2;

export const decoded = ({ bytes }: NewRecord): RingsideEvent => {
  const result = decodeEvent(bytes);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
};

/** The steps on a region's log as a view takes them: each once, and behind the one that it follows. */
export function stepsTaken(log: LogContent): readonly CaseEvent[] {
  let waiting = log.filter(({ topic }) => topic === casesTopic.topic).map((record) => decoded(record) as CaseEvent);
  const taken: CaseEvent[] = [];
  let positions = noPositions;
  for (let found = true; found;) {
    found = false;
    const still: CaseEvent[] = [];
    for (const event of waiting) {
      const { caseVersion } = event.data;
      const follows = event.type === 'CaseAdopted' ? event.data.basedOn : caseVersion - 1;
      if (hasPosition(positions, caseVersion)) continue;
      if (follows > 0 && !hasPosition(positions, follows)) {
        still.push(event);
        continue;
      }
      positions = withPosition(positions, caseVersion);
      taken.push(event);
      found = true;
    }
    waiting = still;
  }
  return taken;
}

/** Two regions with processes, a store and a log each, the copying between their logs, clients of both, and promotions. */
export async function playRegions(scenario: RegionsScenario, choose: Choose): Promise<RegionEvidence> {
  const run = new RegionsRun(scenario, choose, new World(choose, scenario.faultsMax));
  await run.toTheEnd();
  return run;
}

class RegionsRun implements RegionEvidence {
  readonly sendings: RegionSending[] = [];
  readonly errors: unknown[] = [];
  private readonly regions: readonly Region[];
  private readonly clients: { next: number; busy: boolean; tries: number }[];
  private seen = 0;
  private promotions = 0;
  private isHomeLost = false;
  private crashesLeft: number;
  private moves = 0;

  constructor(
    private readonly scenario: RegionsScenario,
    private readonly choose: Choose,
    private readonly world: World,
  ) {
    this.crashesLeft = scenario.crashesMax;
    this.clients = scenario.clients.map(() => ({ next: 0, busy: false, tries: 0 }));
    this.regions = regionNames.map((name) => {
      const region = { name, store: emptyStore(), log: [], term: 0, copied: new Map<string, number>() };
      return { ...region, processes: Array.from({ length: processesOfARegion }, () => this.started(region)) };
    });
  }

  get logs(): RegionEvidence['logs'] {
    return { eu: this.region('eu').log, us: this.region('us').log };
  }

  async toTheEnd(): Promise<void> {
    while (this.errors.length === 0) {
      const areDone = this.clients.every((client, i) => !client.busy && client.next >= this.scenario.clients[i]!.length);
      if (this.world.isQuiet && areDone) break;
      await this.step([
        ...this.world.moves(),
        ...this.clientMoves(),
        ...this.copyMoves(),
        ...this.hearingMoves(),
        ...this.promotionMoves(),
        ...this.relayMoves(),
        ...this.crashMoves(),
        ...this.lossMoves(),
      ]);
    }
    if (this.scenario.losesHome && !this.isHomeLost) this.loseHome();
    await this.settle();
    await this.goOn();
    await this.settle();
  }

  private get there(): readonly Region[] {
    return this.regions.filter(({ name }) => name !== home || !this.isHomeLost);
  }

  /** Whatever is late arrives, is published, and is copied to the other region. */
  private async settle(): Promise<void> {
    this.world.faultsLeft = 0;
    for (const { process } of this.allProcesses()) process.relaying = false;
    while (this.errors.length === 0) {
      const moves = [...this.world.moves(), ...this.copyMoves(), ...this.hearingMoves()];
      const unsettled = this.there.filter(({ store }) => rowsIn(store, intentsTable).length > 0);
      if (!this.world.isQuiet || moves.length > 0) await this.step(moves);
      else if (unsettled.length === 0) return;
      else {
        for (const region of unsettled) {
          region.processes.splice(0, processesOfARegion, ...region.processes.map(() => this.started(region)));
          region.processes[0]!.pass();
        }
        await this.step([{ weight: 1, run: () => undefined }]);
      }
    }
  }

  /** Whichever region works the case at the end can. */
  private async goOn(): Promise<void> {
    const region = this.there.find(({ name, term }) => servedBy(term) === name)!;
    let heard = false;
    this.send(aRequest('last', notes('last')), region, () => (heard = true), this.isHomeLost);
    while (!heard && this.errors.length === 0) {
      await this.step(this.world.isQuiet ? [{ weight: 1, run: () => undefined }] : this.world.moves());
    }
  }

  private allProcesses(): readonly { readonly region: Region; readonly process: SimulatedProcess }[] {
    return this.there.flatMap((region) => region.processes.map((process) => ({ region, process })));
  }

  private region(name: RegionName): Region {
    return this.regions.find((region) => region.name === name)!;
  }

  private async step(moves: readonly Move[]): Promise<void> {
    if (++this.moves > stepsMax) this.errors.push(new Error(`no rest after ${stepsMax} moves`));
    await this.world.play(moves);
  }

  private started(region: Pick<Region, 'name' | 'store' | 'log'>): SimulatedProcess {
    return new SimulatedProcess(this.world, this.errors, (process) => ({
      store: simulatedStore(this.world, process, region.store),
      log: simulatedLog(this.world, process, region.log),
      ...{ placement: standalone(region.name), region: region.name },
      earlierSteps: earlierIn(this.world, process, region.log, this.scenario.bug),
    }));
  }

  private clientMoves(): readonly Move[] {
    return this.clients.flatMap((client, i) => {
      const request = this.scenario.clients[i]![client.next];
      if (client.busy || request === undefined) return [];
      return this.there
        .filter(({ name, term }) => servedBy(term) === name) // elsewhere it is sent away at once
        .map((region): Move => ({ weight: 10, run: () => this.sendOf(client, request, region) }));
    });
  }

  private sendOf(client: RegionsRun['clients'][number], request: CommandRequest<NotebookCommand>, region: Region): void {
    client.busy = true;
    client.tries++;
    const { expectedVersion: _, ...bare } = request;
    const isCareful = request.expectedVersion !== undefined;
    this.send({ ...bare, ...(isCareful ? { expectedVersion: this.seen } : {}) }, region, (heard) => {
      client.busy = false;
      if (heard.outcome === 'done') this.seen = heard.version;
      // Some send again what was answered: from another place, or because they missed the answer.
      const again = heard.outcome === 'unknown' || heard.outcome === 'incomplete' || this.choose(4) === 0;
      if (again && client.tries < this.scenario.sendingsMax) return;
      client.next++;
      client.tries = 0;
    });
  }

  private send(
    bare: CommandRequest<NotebookCommand>,
    region: Region,
    then: (heard: RegionSending['heard']) => void,
    withoutMissing = this.choose(8) === 0,
  ): void {
    const { processes, term, name } = region;
    const process = processes[this.choose(processes.length)]!;
    const isServed = term > 0 && this.scenario.bug !== 'ignores terms';
    const request = {
      ...bare,
      ...(isServed ? { served: { term, homeRegion: home, ...(withoutMissing && { withoutMissing }) } } : {}),
    };
    process.send(request, (heard) => {
      this.sendings.push({ request, region: name, term, heard });
      then(heard);
    });
  }

  /** Each topic at its own speed, in its own order, and only what was written in the other region. */
  private copyMoves(): readonly Move[] {
    if (this.isHomeLost) return [];
    return this.regions.flatMap((to) => {
      const from = this.regions.find((region) => region !== to)!;
      return [casesTopic.topic, reportsTopic.topic].flatMap((topic): readonly Move[] => {
        const copied = to.copied.get(topic) ?? 0;
        const own = from.log.filter((record) => record.topic === topic && decoded(record).region === from.name);
        const next = own[copied];
        if (next === undefined) return [];
        const run = (): void => {
          to.copied.set(topic, copied + 1);
          to.log.push(next);
        };
        return [{ weight: 4, run }];
      });
    });
  }

  /** A promotion is known where it was made; elsewhere it is heard of some time. */
  private hearingMoves(): readonly Move[] {
    return this.regions
      .filter(({ term }) => term < this.promotions)
      .map((region): Move => ({ weight: 1, run: () => void (region.term = this.promotions) }));
  }

  private promotionMoves(): readonly Move[] {
    if (this.promotions === this.scenario.promotionsMax || this.isHomeLost) return [];
    const run = (): void => {
      this.promotions++;
      this.region(servedBy(this.promotions)).term = this.promotions;
    };
    return [{ weight: 2, run }];
  }

  private relayMoves(): readonly Move[] {
    const idle = this.allProcesses().filter(({ process }) => !process.relaying);
    return idle.map(({ process }) => ({ weight: 1, run: () => process.pass() }));
  }

  private crashMoves(): readonly Move[] {
    if (this.crashesLeft === 0) return [];
    return this.allProcesses().map(({ region, process }) => ({
      weight: 1,
      run: () => {
        this.crashesLeft--;
        region.processes[region.processes.indexOf(process)] = this.started(region);
        process.kill();
      },
    }));
  }

  private lossMoves(): readonly Move[] {
    if (this.scenario.losesHome !== true || this.isHomeLost) return [];
    return [{ weight: 1, run: () => this.loseHome() }];
  }

  private loseHome(): void {
    this.isHomeLost = true;
    this.region(home).processes.forEach((process) => process.kill());
    const other = this.there[0]!;
    if (servedBy(this.promotions) !== other.name) this.promotions++;
    other.term = this.promotions;
  }
}

/** The terms go from one region to the other and back. */
export const servedBy = (term: number): RegionName => regionNames[term % regionNames.length]!;

/** The views take time to answer, in which others go on. */
const earlierIn =
  (world: World, process: object, log: LogContent, bug: TermBug | undefined): EarlierSteps =>
  (_caseId, before) =>
    world.call(process, 'view-store', () => {
      const steps = stepsTaken(log).map((event) => ({
        ...{ step: stepOf(event), caseVersion: event.data.caseVersion },
        ...(event.causationId !== undefined &&
          bug !== 'forgets what was taken elsewhere' && { causationId: event.causationId }),
      }));
      const told = log.filter(({ topic }) => topic === reportsTopic.topic).map((record) => decoded(record).sequence);
      const reached = bug === 'goes by the steps alone' ? steps.map(({ caseVersion }) => caseVersion) : [];
      return historyOf({ steps, reached: Math.max(0, ...told, ...reached), sanctions: [] }, before);
    });
