import { standalone } from '@ringside/data-ring';

import type { CommandRequest } from '../aggregate.js';
import { intentsTable } from '../intents.js';
import type { Evidence, Sending } from './checks.fixture.js';
import type { NotebookCommand } from './notebook.fixture.js';
import { SimulatedProcess } from './process.fixture.js';
import { simulatedLog, type LogBug, type LogContent } from './simulated-log.fixture.js';
import { emptyStore, rowsIn, simulatedStore, type StoreBug, type StoreContent } from './simulated-store.fixture.js';
import { World, type Choose, type Move } from './world.fixture.js';

export interface Scenario {
  /** By client: the commands that it sends, one after the other. */
  readonly clients: readonly (readonly CommandRequest<NotebookCommand>[])[];
  readonly processes: number;
  readonly crashesMax: number;
  readonly faultsMax: number;
  /** Looks of the relays while commands are under way. */
  readonly relayPassesMax: number;
  /** How often a client sends a command of whose fate it heard nothing. */
  readonly sendingsMax: number;
  /** Whether every move is picked alike: see `everyPath`. */
  readonly unweighted?: boolean;
  readonly bug?: { readonly store?: StoreBug; readonly log?: LogBug };
}

/** More steps than any run needs: one that does not come to rest is a fault of its own. */
const stepsMax = 5_000;

/** Plays a scenario to its end, then lets all that is outstanding arrive and the relay do its work. */
export async function play(scenario: Scenario, choose: Choose): Promise<Evidence & { readonly errors: readonly unknown[] }> {
  const run = new Run(scenario, new World(choose, scenario.faultsMax, scenario.unweighted));
  await run.toTheEnd();
  return run;
}

class Run {
  readonly store: StoreContent = emptyStore();
  readonly log: LogContent = [];
  readonly sendings: Sending[] = [];
  /** What is neither an answer nor a dependency that is away. */
  readonly errors: unknown[] = [];
  private processes: SimulatedProcess[];
  private clock = 0;
  private crashesLeft: number;
  private passesLeft: number;
  private readonly clients: { next: number; busy: boolean; tries: number }[];

  constructor(
    private readonly scenario: Scenario,
    private readonly world: World,
  ) {
    this.processes = Array.from({ length: scenario.processes }, () => this.started());
    this.crashesLeft = scenario.crashesMax;
    this.passesLeft = scenario.relayPassesMax;
    this.clients = scenario.clients.map(() => ({ next: 0, busy: false, tries: 0 }));
  }

  async toTheEnd(): Promise<void> {
    for (;;) {
      const moves = [...this.world.moves(), ...this.clientMoves()];
      const isOver = this.world.isQuiet && this.clients.every((client, i) => this.isDone(client, i));
      if (isOver || this.errors.length > 0) break;
      await this.step([...moves, ...this.relayMoves(), ...this.crashMoves()]);
    }
    await this.settle();
  }

  /** What is late arrives, between and after looks of a relay that nothing disturbs. */
  private async settle(): Promise<void> {
    this.world.faultsLeft = 0;
    for (const process of this.processes) process.relaying = false;
    const isPatient = this.world.toss();
    while (this.errors.length === 0) {
      const moves = this.world.moves(true);
      const areIntentsLeft = rowsIn(this.store, intentsTable).length > 0;
      if (!this.world.isQuiet || (moves.length > 0 && !(isPatient && areIntentsLeft))) {
        await this.step(isPatient ? moves : this.world.moves());
      } else if (!areIntentsLeft) return;
      else {
        this.processes = [this.started()];
        this.processes[0]!.pass();
        await this.step([{ weight: 1, run: () => undefined }]);
      }
    }
  }

  private async step(moves: readonly Move[]): Promise<void> {
    if (++this.clock > stepsMax) this.errors.push(new Error(`no rest after ${stepsMax} steps`));
    await this.world.play(moves);
  }

  private started(): SimulatedProcess {
    const { bug = {} } = this.scenario;
    return new SimulatedProcess(this.world, this.errors, (process) => ({
      store: simulatedStore(this.world, process, this.store, bug.store),
      log: simulatedLog(this.world, process, this.log, bug.log),
      ...{ placement: standalone('local'), region: 'local' },
    }));
  }

  private isDone({ next, busy }: Run['clients'][number], i: number): boolean {
    return !busy && next >= this.scenario.clients[i]!.length;
  }

  private clientMoves(): readonly Move[] {
    return this.clients.flatMap((client, i) =>
      client.busy || this.isDone(client, i)
        ? []
        : this.processes.map((process): Move => ({ weight: 10, run: () => this.send(i, process) })),
    );
  }

  private send(i: number, process: SimulatedProcess): void {
    const client = this.clients[i]!;
    const request = this.scenario.clients[i]![client.next]!;
    const from = ++this.clock;
    client.busy = true;
    client.tries++;
    process.send(request, (heard) => {
      client.busy = false;
      const isUnknown = heard.outcome === 'unknown';
      this.sendings.push({ request, from, to: isUnknown ? Infinity : ++this.clock, heard });
      if (isUnknown && client.tries < this.scenario.sendingsMax) return;
      client.next++;
      client.tries = 0;
    });
  }

  private relayMoves(): readonly Move[] {
    if (this.passesLeft === 0) return [];
    const idle = this.processes.filter(({ relaying }) => !relaying);
    return idle.map((process) => ({
      weight: 8,
      run: () => {
        this.passesLeft--;
        process.pass();
      },
    }));
  }

  private crashMoves(): readonly Move[] {
    if (this.crashesLeft === 0) return [];
    return this.processes.map((process, i) => ({
      weight: 2,
      run: () => {
        this.crashesLeft--;
        this.processes[i] = this.started();
        process.kill();
      },
    }));
  }
}
