import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { CaseworkPolicy, DueKind } from '@ringside/casework';
import { isoTime, UnavailableError, type Clock, type IsoTime } from '@ringside/core';
import { servingRow, type Placement } from '@ringside/data-ring';
import { CLOCK, LOGGER, METRICS, PLACEMENT, type Logger } from '@ringside/platform';
import { Counter, type Registry } from 'prom-client';

import type { CommandOutcome } from '../commands/aggregate.js';
import { dueCases } from '../due-cases.js';
import { CASEWORK_POLICY } from '../http/tokens.js';
import { SubscriberRuntime } from '../runtime.js';
import { SystemCommands } from './system-commands.js';

/** How often the process looks for what has become due. */
const everyMs = 5_000;
/** So many cases a look; the rest has the next one. */
const casesPerLookMax = 1_000;
const hourMs = 3_600_000;
/** Cases that lack steps of another region are looked at again after so long. */
const waitingMs = 60_000;
/** So many entries are remembered as dealt with. */
const rememberedMax = 20_000;

/** Deadlines are looked at twice: when they are near, and when they are past. */
const looks: readonly { readonly kind: DueKind; readonly phase: 'near' | 'past' }[] = [
  { kind: 'lease', phase: 'past' },
  { kind: 'proposal', phase: 'past' },
  { kind: 'acknowledge', phase: 'past' },
  { kind: 'decide', phase: 'past' },
  { kind: 'acknowledge', phase: 'near' },
  { kind: 'decide', phase: 'near' },
];

/**
 * Ends leases and proposals that ran out, and announces deadlines, by giving `tick` to the cases whose time has come. Every process
 * of a team does: a tick that another one gave already changes nothing.
 */
@Injectable()
export class Sweep implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private underWay: Promise<void> | undefined;
  private stopped = false;
  /** Entries that a tick has nothing to say about any more. */
  private readonly settled = new Set<string>();
  /** Entries that nothing could be done about, left alone for a while. */
  private readonly waiting = new Set<string>();
  private waitingSince = 0;
  /** Where the next look of each kind begins, in a list that is longer than one look. */
  private readonly from = new Map<string, IsoTime>();
  /** Which region worked whose cases at the last look: those of another region are dealt with there. */
  private serving = '';
  private readonly ticks: Counter;

  constructor(
    @Inject(SubscriberRuntime) private readonly runtime: SubscriberRuntime,
    @Inject(SystemCommands) private readonly commands: SystemCommands,
    @Inject(CASEWORK_POLICY) private readonly policy: CaseworkPolicy,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(PLACEMENT) private readonly placement: Placement,
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
    this.timer = setInterval(() => {
      this.underWay ??= this.passSafely().finally(() => (this.underWay = undefined));
    }, everyMs).unref();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.underWay;
  }

  /** Looks once. Answers how many ticks were given. */
  async pass(): Promise<number> {
    await this.beginAnewAfterPromotion();
    if (performance.now() - this.waitingSince >= waitingMs) {
      this.waiting.clear();
      this.waitingSince = performance.now();
    }
    let given = 0;
    for (const { kind, phase } of looks) {
      for (const { entry, caseId } of await this.due(kind, phase)) {
        if (this.stopped) return given;
        const outcome = await this.tick(caseId);
        if (outcome === 'failed') continue;
        if (outcome?.outcome === 'incomplete') {
          // Others are in the list behind it, and a look has an end.
          this.waiting.add(entry);
          continue;
        }
        if (outcome !== undefined) {
          this.ticks.inc({ due: kind });
          given += 1;
        }
        // One that was given before may have been before something else came due: it is given again when the views are further.
        if (outcome?.outcome !== 'done' || !outcome.repeated) this.remember(entry);
      }
    }
    return given;
  }

  /** What was somebody else's to deal with may be this region's now. */
  private async beginAnewAfterPromotion(): Promise<void> {
    const rows = await this.runtime.views.getMany(this.placement.regions.map(servingRow));
    const serving = JSON.stringify(rows.map((row) => row?.value['term'] ?? 0));
    if (serving === this.serving) return;
    this.serving = serving;
    this.settled.clear();
    this.waiting.clear();
    this.from.clear();
  }

  /** Of one case that cannot be worked on the others say nothing; of a dependency that is away they do. */
  private async tick(caseId: string): Promise<CommandOutcome | undefined | 'failed'> {
    try {
      return await this.commands.tick(caseId);
    } catch (error) {
      if (error instanceof UnavailableError) throw error;
      this.logger.warn({ caseId, err: error }, 'the time could not have its effect on a case');
      return 'failed';
    }
  }

  private async passSafely(): Promise<void> {
    if (this.stopped || !this.runtime.isPrepared) return;
    try {
      await this.pass();
    } catch (error) {
      this.logger.warn({ err: error }, 'could not look for what is due, and tries again');
    }
  }

  /** Proposals are listed by when they were made. */
  private async due(
    kind: DueKind,
    phase: 'near' | 'past',
  ): Promise<readonly { readonly entry: string; readonly caseId: string }[]> {
    const now = this.clock();
    const { dueSoonHours, proposalHours } = this.policy;
    const hoursAhead = kind === 'proposal' ? -proposalHours : phase === 'near' ? dueSoonHours : 0;
    const to = isoTime(now + hoursAhead * hourMs + 1);
    const look = `${kind}/${phase}`;
    const from = this.from.get(look) ?? (phase === 'near' ? isoTime(now) : undefined);
    const query = { kind, to, limit: casesPerLookMax, ...(from === undefined ? {} : { from }) };
    const cases = await dueCases(this.runtime.views, query);
    const entries = cases.map(({ caseId, at }) => ({ entry: `${look}/${at}/${caseId}`, caseId }));
    const news = entries.filter(({ entry }) => !this.settled.has(entry) && !this.waiting.has(entry));
    // All of a full look is dealt with: the next one goes on behind it, and the one after the last begins anew.
    if (news.length === 0 && cases.length === casesPerLookMax) this.from.set(look, cases.at(-1)!.at);
    else if (cases.length < casesPerLookMax) this.from.delete(look);
    return news;
  }

  private remember(entry: string): void {
    if (this.settled.size >= rememberedMax) this.settled.clear();
    this.settled.add(entry);
  }
}
