import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { CaseworkPolicy, DueKind } from '@ringside/casework';
import { isoTime, type Clock } from '@ringside/core';
import { CLOCK, LOGGER, METRICS, type Logger } from '@ringside/platform';
import { Counter, type Registry } from 'prom-client';

import { dueCases } from '../case-background.js';
import { CASEWORK_POLICY } from '../http/tokens.js';
import { SubscriberRuntime } from '../runtime.js';
import { SystemCommands } from './system-commands.js';

/** How often the process looks for what has become due. */
const everyMs = 5_000;
/** So many cases of each kind a pass. */
const casesPerKindMax = 1_000;
/** So many entries are remembered as dealt with. */
const rememberedMax = 20_000;

const kinds: readonly DueKind[] = ['lease', 'proposal', 'acknowledge', 'decide'];

/**
 * Ends leases and proposals that ran out, and announces deadlines, by giving `tick` to the cases whose time has come. Every process
 * of a team does: a tick that another one gave already changes nothing.
 */
@Injectable()
export class Sweep implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private underWay: Promise<void> = Promise.resolve();
  private stopped = false;
  /** Entries that a tick had nothing to say about any more. */
  private readonly settled = new Set<string>();
  private readonly ticks: Counter;

  constructor(
    @Inject(SubscriberRuntime) private readonly runtime: SubscriberRuntime,
    @Inject(SystemCommands) private readonly commands: SystemCommands,
    @Inject(CASEWORK_POLICY) private readonly policy: CaseworkPolicy,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.ticks = new Counter({
      name: 'ringside_sweep_ticks_total',
      help: 'Cases whose time had come, by what came due: lease, proposal, acknowledge, decide.',
      labelNames: ['due'],
      registers: [metrics],
    });
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => (this.underWay = this.underWay.then(() => this.passSafely())), everyMs).unref();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.underWay;
  }

  /** Looks once. Answers how many ticks were given. */
  async pass(): Promise<number> {
    let given = 0;
    for (const kind of kinds) {
      for (const { entry, caseId } of await this.due(kind)) {
        if (this.stopped) return given;
        const outcome = await this.commands.tick(caseId);
        this.ticks.inc({ due: kind });
        given += 1;
        // One that was given before may have been before something else came due: it is given again when the views are further.
        if (outcome?.outcome !== 'done' || !outcome.repeated) this.remember(entry);
      }
    }
    return given;
  }

  private async passSafely(): Promise<void> {
    if (this.stopped || !this.runtime.isPrepared) return;
    try {
      await this.pass();
    } catch (error) {
      this.logger.warn({ err: error }, 'could not look for what is due, and tries again');
    }
  }

  /** Deadlines are looked at twice: when they are near, and when they are past. Proposals are listed by when they were made. */
  private async due(kind: DueKind): Promise<readonly { readonly entry: string; readonly caseId: string }[]> {
    const now = this.clock();
    const { dueSoonHours, proposalHours } = this.policy;
    const hoursAhead = kind === 'lease' ? 0 : kind === 'proposal' ? -proposalHours : dueSoonHours;
    const to = isoTime(now + hoursAhead * 3_600_000 + 1);
    const cases = await dueCases(this.runtime.views, { kind, to, limit: casesPerKindMax });
    return cases.flatMap(({ caseId, at }) => {
      const entry = `${kind}/${at <= isoTime(now) ? 'past' : 'near'}/${at}/${caseId}`;
      return this.settled.has(entry) ? [] : [{ entry, caseId }];
    });
  }

  private remember(entry: string): void {
    if (this.settled.size >= rememberedMax) this.settled.clear();
    this.settled.add(entry);
  }
}
