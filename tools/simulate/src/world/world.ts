import type { Random } from '@ringside/random';

import { carry, lateMsMax, type CallOptions, type Carrier, type Weather } from './call.js';
import { realSetImmediate } from './machine.js';
import type { SimulatedProcess } from './process.js';
import { Queue, type Queued } from './queue.js';

interface Step extends Queued {
  readonly process: SimulatedProcess | undefined;
  readonly label: string;
  readonly run: () => void;
  cancelled: boolean;
}

/**
 * Time, and whatever happens in it. A step is one thing that happens to one process (an answer, a timer) or to a server, and all that
 * the process does until it waits again. The seed says how long everything takes, and so which step is next.
 */
export class World implements Carrier {
  now: number;
  steps = 0;
  /** Of all steps so far: two runs with the same one went the same way. */
  hash = 0x811c9dc5;
  /** The process whose code runs at present. */
  current: SimulatedProcess | undefined;
  hasFaults = true;
  onDeathAtWork: ((process: SimulatedProcess) => void) | undefined;
  onHaltAtWork: ((process: SimulatedProcess) => void) | undefined;
  /** Which faults may still happen: counted down to find the shortest run that fails. */
  faultsLeft = Infinity;
  faults = 0;
  /** Changes that have not reached their servers. */
  underWay = 0;
  readonly trace: string[] = [];
  private readonly queue = new Queue<Step>();
  private readonly waiting = new Map<SimulatedProcess, Step[]>();
  private order = 0;

  constructor(
    readonly random: Random,
    readonly weather: Weather,
    readonly startsAt: number,
    private readonly isTraced: boolean,
  ) {
    this.now = startsAt;
  }

  /** Since the beginning, in ms. */
  get elapsed(): number {
    return this.now - this.startsAt;
  }

  schedule(process: SimulatedProcess | undefined, delayMs: number, label: string, run: () => void): { cancelled: boolean } {
    const step: Step = { at: this.now + delayMs, order: this.order++, process, label, run, cancelled: false };
    this.queue.push(step);
    return step;
  }

  /** Takes steps until `isOver` says so after one of them, or none is left. */
  async play(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const step = this.queue.pop();
      if (step === undefined) return;
      const { process } = step;
      if (step.cancelled || process?.isAlive === false) continue;
      if (process?.isPaused) {
        this.waiting.get(process)!.push(step);
        continue;
      }
      await this.take(step);
    }
  }

  private async take({ at, process, label, run }: Step): Promise<void> {
    if (at > this.now) this.now = at;
    this.steps++;
    this.mix(label);
    if (this.isTraced) this.note(process?.name ?? '-', label);
    this.current = process;
    run();
    // What a server does has no promise in it; what a process does goes on until it waits again.
    if (process !== undefined) await new Promise<void>((resolve) => realSetImmediate(resolve));
    this.current = undefined;
  }

  note(who: string, what: string): void {
    if (this.isTraced) this.trace.push(`${(this.elapsed / 1_000).toFixed(3).padStart(9)}  ${who.padEnd(18)} ${what}`);
  }

  private mix(label: string): void {
    let hash = this.hash ^ (this.now * 1_000);
    for (let i = 0; i < label.length; i++) hash = Math.imul(hash ^ label.charCodeAt(i), 0x01000193);
    this.hash = hash >>> 0;
  }

  latency(): number {
    const { latencyMsMax, slow } = this.weather;
    const isSlow = this.hasFaults && slow > 0 && this.random.chance(slow);
    return this.random.next() * (isSlow ? 1_000 : latencyMsMax);
  }

  /** Whether a fault of this likelihood happens now. */
  fault(probability: number): boolean {
    if (!this.hasFaults || probability === 0 || !this.random.chance(probability)) return false;
    this.faults++;
    return this.faultsLeft-- > 0;
  }

  /** See {@link carry}. */
  call<T>(options: CallOptions<T>): Promise<T> {
    return carry(this, options);
  }

  kill(process: SimulatedProcess): void {
    process.isAlive = false;
    this.waiting.delete(process);
    for (const call of process.inFlight) {
      const fate = this.random.below(4);
      if (fate < 2) call.cancelled = true;
      else if (fate === 2 && !call.isPrompt) call.heldMs = this.random.next() * lateMsMax;
    }
    process.inFlight.clear();
    for (const hear of process.onDeath.splice(0)) hear();
  }

  pause(process: SimulatedProcess): void {
    process.isPaused = true;
    this.waiting.set(process, []);
  }

  /** Whatever came for it meanwhile comes now, in its order. */
  resume(process: SimulatedProcess): void {
    process.isPaused = false;
    const steps = this.waiting.get(process) ?? [];
    this.waiting.delete(process);
    for (const step of steps) {
      step.at = this.now;
      this.queue.push(step);
    }
  }
}
