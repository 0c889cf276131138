import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { CaseRules } from '@ringside/casework';
import type { EventLog } from '@ringside/event-log';
import { EVENT_LOG, LOGGER, METRICS, ProblemException, problems, type Logger } from '@ringside/platform';
import { Gauge, type Registry } from 'prom-client';

import { CASE_RULES } from '../http/tokens.js';
import { SubscriberRuntime } from '../runtime.js';
import { ChangeFeed } from './change-feed.js';
import { ChangeStream } from './change-stream.js';

/** So many clients may listen to one process. */
export const changeStreamsMax = 200;

/** All clients of this process that listen to the changes of the team's cases. */
@Injectable()
export class ChangeStreams implements OnModuleDestroy {
  private readonly feed: ChangeFeed;
  private readonly open = new Set<ChangeStream>();
  private opening = 0;
  private stopped = false;

  constructor(
    @Inject(SubscriberRuntime) private readonly runtime: SubscriberRuntime,
    @Inject(EVENT_LOG) log: EventLog,
    @Inject(CASE_RULES) rules: CaseRules,
    @Inject(LOGGER) logger: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.feed = new ChangeFeed(log, rules, runtime.subscriber.placement, (error) =>
      logger.debug({ err: error }, 'the changes of cases cannot be followed now'),
    );
    const { open } = this;
    new Gauge({
      name: 'ringside_change_streams',
      help: 'Clients that listen to the changes of cases.',
      registers: [metrics],
      collect() {
        this.set(open.size);
      },
    });
  }

  /** Throws `UnavailableError` until the topics and tables are there, and {@link ProblemException} (503) where too many listen already. */
  refuseBeyondRoom(): void {
    this.runtime.prepared();
    if (!this.stopped && this.open.size + this.opening < changeStreamsMax) return;
    throw new ProblemException(problems.overloaded, 'Too many clients listen to this process: try again, or another one.', {
      headers: { 'retry-after': '5' },
    });
  }

  /** Throws as {@link refuseBeyondRoom} does, and rejects where the log is away. */
  async listen(lastEventId: string | undefined): Promise<ChangeStream> {
    this.refuseBeyondRoom();
    this.opening += 1;
    try {
      const stream = await ChangeStream.open(this.feed, lastEventId);
      this.open.add(stream);
      stream.readable.once('close', () => this.open.delete(stream));
      if (this.stopped) stream.end();
      return stream;
    } finally {
      this.opening -= 1;
    }
  }

  /** A server closes when its connections do: these would stay for minutes. */
  onModuleDestroy(): void {
    this.stopped = true;
    for (const stream of this.open) stream.end();
    this.feed.stop();
  }
}
