import { UnavailableError } from '@ringside/core';

import { realSetImmediate } from './machine.js';
import type { InFlight, SimulatedProcess } from './process.js';
import { Queue, type Queued } from './queue.js';
import type { Random } from './random.js';

/** What a process may call. Nothing else in a run takes time, but timers. */
export type Dependency = 'event-log' | 'view-store';

/** How long calls take, and how often they fail, as long as there are faults. */
export interface Weather {
  /** The longest that a usual call takes, one way, in ms. */
  readonly latencyMsMax: number;
  /** The share of calls that take up to a second. */
  readonly slow: number;
  /** The share of calls that are not answered, whatever became of them. */
  readonly failing: number;
  /** The share of appends to streams in whose midst a process dies. */
  readonly dyingAtWork: number;
}

interface Step extends Queued {
  readonly process: SimulatedProcess | undefined;
  readonly label: string;
  readonly run: () => void;
  cancelled: boolean;
}

export interface CallOptions<T> {
  readonly process: SimulatedProcess;
  readonly dependency: Dependency;
  readonly label: string;
  /** What the call changes, one piece after the other: whoever dies in between leaves the pieces up to there. */
  readonly parts?: readonly (() => void)[];
  readonly answer: () => T;
  /** Why the dependency cannot be reached now; undefined where it can. */
  readonly away?: () => string | undefined;
  /** What was not answered does not come later either. */
  readonly isPrompt?: boolean;
}

const failureMs = { min: 2, max: 2_000 };
/** What is late comes up to so long after its caller has given up, in ms. */
const lateMsMax = 20_000;

/**
 * Time, and whatever happens in it. A step is one thing that happens to one process (an answer, a timer) or to a server, and all that
 * the process does until it waits again. The seed says how long everything takes, and so which step is next.
 */
export class World {
  now: number;
  steps = 0;
  /** Of all steps so far: two runs with the same one went the same way. */
  hash = 0x811c9dc5;
  /** The process whose code runs at present. */
  current: SimulatedProcess | undefined;
  hasFaults = true;
  onDeathAtWork: ((process: SimulatedProcess) => void) | undefined;
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

  /** A call over the network: it is sent, has its effects piece by piece, and is answered, or any of that fails. */
  call<T>({ process, dependency, label, parts = [], answer, away, isPrompt = false }: CallOptions<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const inFlight: InFlight = { cancelled: false, isPrompt };
      process.inFlight.add(inFlight);
      const fail = (why: string, delayMs: number): void => {
        this.schedule(process, delayMs, `${label} fails`, () => {
          process.inFlight.delete(inFlight);
          reject(new UnavailableError(dependency, why));
        });
      };
      const reason = away?.();
      if (reason !== undefined) return fail(reason, this.latency());
      let isHeard = true;
      let startMs = this.latency();
      if (this.fault(this.weather.failing)) {
        const afterMs = failureMs.min + this.random.next() ** 3 * failureMs.max;
        isHeard = false;
        const fate = this.random.below(isPrompt ? 2 : 3);
        // It is lost, or its answer is, or it comes when nobody waits for it any more.
        if (fate === 0) inFlight.cancelled = parts.length < 2 || this.cancelLater(inFlight, startMs * 2, label);
        if (fate === 2) startMs = afterMs + this.random.next() ** 2 * lateMsMax;
        else startMs = Math.min(startMs, afterMs / 2);
        fail('no answer', afterMs);
      }
      const takePart = (i: number): void => {
        if (inFlight.cancelled) return;
        parts[i]?.();
        if (i + 1 < parts.length) return void this.schedule(undefined, this.latency() * 0.3, `${label} goes on`, () => takePart(i + 1));
        if (!isHeard) return;
        this.answerLater(process, inFlight, label, () => {
          try {
            return { value: answer() };
          } catch (error) {
            return { error };
          }
        }, (outcome) => ('error' in outcome ? reject(outcome.error as Error) : resolve(outcome.value)));
      };
      if (parts.length > 0) this.dieAtWork(process, startMs, label);
      this.arrive(inFlight, { startMs, label, isChange: parts.length > 0 }, () => takePart(0));
    });
  }

  private arrive(
    inFlight: InFlight,
    { startMs, label, isChange }: { readonly startMs: number; readonly label: string; readonly isChange: boolean },
    take: () => void,
  ): void {
    if (isChange) this.underWay++;
    this.schedule(undefined, startMs, `${label} arrives`, () => {
      if (isChange) this.underWay--;
      const { heldMs } = inFlight;
      if (heldMs === undefined || inFlight.cancelled) return take();
      delete inFlight.heldMs;
      this.arrive(inFlight, { startMs: heldMs, label, isChange }, take);
    });
  }

  /** A process may die at any time; while it changes a stream, there is most to be seen. */
  private dieAtWork(process: SimulatedProcess, withinMs: number, label: string): void {
    if (!label.startsWith('stream append') || !this.fault(this.weather.dyingAtWork)) return;
    this.schedule(undefined, withinMs * 2 * this.random.next(), `${process.name} dies at work`, () => this.onDeathAtWork?.(process));
  }

  /** Some of its pieces may be there by then. */
  private cancelLater(inFlight: InFlight, msMax: number, label: string): boolean {
    this.schedule(undefined, msMax * this.random.next(), `${label} is lost`, () => (inFlight.cancelled = true));
    return false;
  }

  /** What a server says is said when it has done its work, and heard later. */
  private answerLater<A>(process: SimulatedProcess, inFlight: InFlight, label: string, say: () => A, hear: (answer: A) => void): void {
    const said = say();
    this.schedule(process, this.latency(), label, () => {
      process.inFlight.delete(inFlight);
      hear(said);
    });
  }

  kill(process: SimulatedProcess): void {
    process.isAlive = false;
    this.waiting.delete(process);
    for (const call of process.inFlight) {
      if (this.random.chance(0.5)) call.cancelled = true;
      else if (!call.isPrompt && this.random.chance(0.5)) call.heldMs = this.random.next() * lateMsMax;
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
