import { useUuidv7Source } from '@ringside/core';
import nodeCrypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import timersPromises from 'node:timers/promises';

import type { World } from './world.js';

export const realSetImmediate = globalThis.setImmediate;
const real = {
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  now: Date.now,
  performanceNow: performance.now.bind(performance),
  random: Math.random,
};

let world: World | undefined;

/** A timer of a simulated process, which looks like one of Node's. */
class SimulatedTimer {
  step: { cancelled: boolean } | undefined;
  unref(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  hasRef(): boolean {
    return true;
  }
}

function startTimer(delayMs: number, run: () => void, isRepeated = false): SimulatedTimer {
  const { current } = world!;
  if (current === undefined) throw new Error('Only a process has timers.');
  const timer = new SimulatedTimer();
  const ms = Math.max(isRepeated ? 1 : 0, Number(delayMs) || 0);
  const fire = (): void => {
    if (isRepeated) start();
    run();
  };
  const start = (): void => void (timer.step = world!.schedule(current, ms, 'timer', fire));
  start();
  return timer;
}

function stopTimer(timer: unknown): void {
  if (timer instanceof SimulatedTimer && timer.step !== undefined) timer.step.cancelled = true;
  else if (!(timer instanceof SimulatedTimer)) real.clearTimeout(timer as NodeJS.Timeout);
}

function sleep(delayMs = 1, value?: unknown, { signal }: { readonly signal?: AbortSignal } = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      stopTimer(timer);
      reject(Object.assign(new Error('The operation was aborted'), { name: 'AbortError', code: 'ABORT_ERR' }));
    };
    const timer = startTimer(delayMs, () => {
      signal?.removeEventListener('abort', abort);
      resolve(value);
    });
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

type Callback = (...args: unknown[]) => void;

/**
 * Puts clock, timers, chance and ids of this thread under a world's rule: the code that runs in it is that of the services, which
 * asks the machine. Without a world everything is the machine's own.
 */
export function installMachine(): void {
  const inWorld = <T>(simulated: () => T, otherwise: () => T): T => (world === undefined ? otherwise() : simulated());
  const timeout =
    (isRepeated: boolean) =>
    (run: Callback, ms = 0, ...args: unknown[]) =>
      inWorld<unknown>(
        () => startTimer(ms, () => run(...args), isRepeated),
        () => real.setTimeout(run, ms, ...args),
      );
  Object.assign(globalThis, {
    setTimeout: timeout(false),
    setInterval: timeout(true),
    setImmediate: (run: Callback, ...args: unknown[]) =>
      inWorld<unknown>(
        () => startTimer(0, () => run(...args)),
        () => realSetImmediate(run, ...args),
      ),
    clearTimeout: stopTimer,
    clearInterval: stopTimer,
    clearImmediate: stopTimer,
  });
  Date.now = () => inWorld(() => Math.floor(world!.now + (world!.current?.skewMs ?? 0)), real.now);
  performance.now = () => inWorld(() => world!.now - (world!.current?.startedAt ?? 0), real.performanceNow);
  Math.random = () => inWorld(() => world!.random.next(), real.random);
  const { randomFillSync, randomUUID, randomBytes } = nodeCrypto;
  const noOtherChance = <F extends (...args: never[]) => unknown>(original: F): F =>
    ((...args: never[]) => {
      if (world !== undefined) throw new Error(`${original.name} is not from the seed: it has no place in a run.`);
      return original(...args);
    }) as F;
  Object.assign(nodeCrypto, {
    randomFillSync: noOtherChance(randomFillSync),
    randomUUID: noOtherChance(randomUUID),
    randomBytes: noOtherChance(randomBytes),
  });
  Object.assign(timersPromises, {
    setTimeout: sleep,
    setImmediate: (value?: unknown) => sleep(0, value),
  });
  syncBuiltinESMExports();
  useUuidv7Source((nowMs) => {
    if (world?.current === undefined) throw new Error('Only a process makes ids.');
    return world.current.newId(nowMs);
  });
}

/** From now on the machine of this thread is this world's; of no world where absent. */
export function enter(entered: World | undefined): void {
  world = entered;
}
