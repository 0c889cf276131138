import { UnavailableError } from '@ringside/core';
import type { Random } from '@ringside/random';

import type { InFlight, SimulatedProcess } from './process.js';

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
  /** The share of reads for a batch in whose midst a process stands still. */
  readonly haltingAtWork: number;
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
export const lateMsMax = 20_000;

/** What calls need of a world. */
export interface Carrier {
  readonly random: Random;
  readonly weather: Weather;
  readonly onDeathAtWork: ((process: SimulatedProcess) => void) | undefined;
  readonly onHaltAtWork: ((process: SimulatedProcess) => void) | undefined;
  underWay: number;
  schedule(process: SimulatedProcess | undefined, delayMs: number, label: string, run: () => void): unknown;
  latency(): number;
  fault(probability: number): boolean;
}

/** A call over the network: it is sent, has its effects piece by piece, and is answered, or any of that fails. */
export function carry<T>(world: Carrier, options: CallOptions<T>): Promise<T> {
  const { process, dependency, label, parts = [], answer, away, isPrompt = false } = options;
  return new Promise<T>((resolve, reject) => {
    const inFlight: InFlight = { cancelled: false, isPrompt };
    process.inFlight.add(inFlight);
    const hear = (delayMs: number, what: string, told: () => void): void => {
      world.schedule(process, delayMs, what, () => {
        process.inFlight.delete(inFlight);
        told();
      });
    };
    const fail = (why: string, delayMs: number): void =>
      hear(delayMs, `${label} fails`, () => reject(new UnavailableError(dependency, why)));
    const reason = away?.();
    if (reason !== undefined) return fail(reason, world.latency());
    const { startMs, failsAfterMs } = fateOf(world, inFlight, { label, pieces: parts.length });
    if (failsAfterMs !== undefined) fail('no answer', failsAfterMs);
    const take = (i: number): void => {
      if (inFlight.cancelled) return;
      parts[i]?.();
      if (i + 1 < parts.length) world.schedule(undefined, world.latency() * 0.3, `${label} goes on`, () => take(i + 1));
      else if (failsAfterMs === undefined) {
        const told = outcomeOf(answer, resolve, reject);
        hear(world.latency(), label, told);
      }
    };
    if (parts.length > 0) dieAtWork(world, process, { withinMs: startMs, label });
    else haltAtWork(world, process, { withinMs: startMs, label });
    arrive(world, inFlight, { startMs, label, isChange: parts.length > 0, take: () => take(0) });
  });
}

/** What a server says is said when it has done its work, and heard later. */
function outcomeOf<T>(answer: () => T, resolve: (value: T) => void, reject: (error: Error) => void): () => void {
  try {
    const value = answer();
    return () => resolve(value);
  } catch (error) {
    return () => reject(error as Error);
  }
}

interface Fate {
  readonly startMs: number;
  /** Undefined for a call that is answered. */
  readonly failsAfterMs?: number;
}

/** A call that fails is lost, or its answer is, or it comes when nobody waits for it any more. */
function fateOf(
  world: Carrier,
  inFlight: InFlight,
  { label, pieces }: { readonly label: string; readonly pieces: number },
): Fate {
  const { random, weather } = world;
  const startMs = world.latency();
  if (!world.fault(weather.failing)) return { startMs };
  const failsAfterMs = failureMs.min + random.next() ** 3 * failureMs.max;
  const fate = random.below(inFlight.isPrompt ? 2 : 3);
  if (fate === 2) return { startMs: failsAfterMs + random.next() ** 2 * lateMsMax, failsAfterMs };
  if (fate === 0 && pieces < 2) inFlight.cancelled = true;
  // Some of its pieces may be there by then.
  else if (fate === 0) {
    world.schedule(undefined, startMs * 2 * random.next(), `${label} is lost`, () => (inFlight.cancelled = true));
  }
  return { startMs: Math.min(startMs, failsAfterMs / 2), failsAfterMs };
}

interface Arrival {
  readonly startMs: number;
  readonly label: string;
  readonly isChange: boolean;
  readonly take: () => void;
}

function arrive(world: Carrier, inFlight: InFlight, arrival: Arrival): void {
  const { startMs, label, isChange, take } = arrival;
  if (isChange) world.underWay++;
  world.schedule(undefined, startMs, `${label} arrives`, () => {
    if (isChange) world.underWay--;
    const { heldMs } = inFlight;
    if (heldMs === undefined || inFlight.cancelled) return take();
    delete inFlight.heldMs;
    arrive(world, inFlight, { ...arrival, startMs: heldMs });
  });
}

/** A process may die at any time; while it changes a stream, there is most to be seen. */
function dieAtWork(
  world: Carrier,
  process: SimulatedProcess,
  { withinMs, label }: { readonly withinMs: number; readonly label: string },
): void {
  if (!label.startsWith('stream append') || !world.fault(world.weather.dyingAtWork)) return;
  const happen = (): void => world.onDeathAtWork?.(process);
  world.schedule(undefined, withinMs * 2 * world.random.next(), `${process.name} dies at work`, happen);
}

/** What it has read is old when it goes on, and it writes what follows from that. */
function haltAtWork(
  world: Carrier,
  process: SimulatedProcess,
  { withinMs, label }: { readonly withinMs: number; readonly label: string },
): void {
  if (!/^get \d/.test(label) || !world.fault(world.weather.haltingAtWork)) return;
  const happen = (): void => world.onHaltAtWork?.(process);
  world.schedule(undefined, withinMs * world.random.next(), `${process.name} stands still at work`, happen);
}
