import { setTimeout as pause } from 'node:timers/promises';
import { StartupError } from '@ringside/core';
import { launch, type LaunchOptions, type ServiceProcess } from './service-process.js';

/** What a person should know of a service that was running. */
export type SupervisionEvent =
  | { readonly kind: 'died'; readonly how: string; readonly againInMs: number }
  | { readonly kind: 'back'; readonly pid: number | undefined; readonly afterMs: number }
  | { readonly kind: 'given-up'; readonly how: string; readonly deaths: number };

/** When a service that dies is started again. */
export interface RestartPolicy {
  /** At this many deaths within a minute it is given up. */
  readonly deathsMax: number;
  /** The pause before the first restart; it doubles with each further death within a minute. */
  readonly backoffMsMin: number;
  readonly backoffMsMax: number;
}

export const restartPolicy: RestartPolicy = { deathsMax: 5, backoffMsMin: 250, backoffMsMax: 4_000 };
const deathsWindowMs = 60_000;

/** Keeps one service running: starts it, and starts it again when it dies, until it dies too often or is to stop. */
export class Supervisor {
  #process: ServiceProcess | undefined;
  readonly #stopping = new AbortController();
  #supervision: Promise<void> = Promise.resolve();
  readonly #deaths: number[] = [];
  readonly #whenBack: (() => void)[] = [];

  constructor(
    private readonly options: LaunchOptions,
    private readonly onEvent: (event: SupervisionEvent) => void,
    private readonly policy: RestartPolicy = restartPolicy,
  ) {}

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Resolves when the service is ready. Throws {@link StartupError} where it does not come that far. */
  async start(): Promise<void> {
    this.#process = launch(this.options);
    const outcome = await this.#process.ready();
    if (!outcome.ready) throw new StartupError(outcome.because);
    this.#supervision = this.#supervise(this.#process);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#process?.stop();
    await this.#supervision;
  }

  /** Kills it; resolves when it is ready again, or is not to be any more. */
  async startAgain(): Promise<void> {
    const back = new Promise<void>((resolve) => this.#whenBack.push(resolve));
    this.#process?.kill();
    await Promise.race([back, this.#supervision]);
  }

  kill(): void {
    this.#stopping.abort();
    this.#process?.kill();
  }

  async #supervise(first: ServiceProcess): Promise<void> {
    const { signal } = this.#stopping;
    for (let running = first; ;) {
      let how = await running.ended;
      const diedAt = performance.now();
      for (;;) {
        if (signal.aborted) return;
        const againInMs = this.#countDeath();
        if (againInMs === undefined) return this.onEvent({ kind: 'given-up', how, deaths: this.#deaths.length });
        this.onEvent({ kind: 'died', how, againInMs });
        await pause(againInMs, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return;
        this.#process = running = launch(this.options);
        const outcome = await running.ready();
        if (outcome.ready) break;
        how = outcome.because.replace(`${this.options.service.name}: `, '').replace(/\.$/, '');
      }
      this.onEvent({ kind: 'back', pid: running.pid, afterMs: performance.now() - diedAt });
      for (const resolve of this.#whenBack.splice(0)) resolve();
    }
  }

  /** How long to wait before the next start; undefined after too many deaths. */
  #countDeath(): number | undefined {
    const now = performance.now();
    this.#deaths.push(now);
    while (this.#deaths[0]! < now - deathsWindowMs) this.#deaths.shift();
    const { deathsMax, backoffMsMin, backoffMsMax } = this.policy;
    if (this.#deaths.length >= deathsMax) return undefined;
    return Math.min(backoffMsMax, backoffMsMin * 2 ** (this.#deaths.length - 1));
  }
}
