import type { CommandContext } from '@ringside/casework';
import type { Placement } from '@ringside/data-ring';
import type { EventLog, NewRecord } from '@ringside/event-log';
import type { ViewStore } from '@ringside/view-store';

import type { CaseAggregate } from './aggregate.js';
import { checkReached, type CaseHistories, type Step } from './case-histories.js';
import { publishedOf } from './publications.js';

/** One append to the log has about so many records at most; those of one event are never divided. */
const recordsPerAppendMax = 500;

/**
 * Takes the events of streams to the log, each with its consequences. Any number of publishers may be at one stream at the same
 * time: each begins where the log has all before, and goes on without a gap, so the first occurrences of the events are in the
 * order of the stream, whatever else they repeat.
 */
export class Publisher<State extends { readonly version: number }> {
  constructor(
    private readonly log: EventLog,
    private readonly store: ViewStore,
    private readonly histories: CaseHistories<State>,
    private readonly aggregate: CaseAggregate<State, CommandContext>,
    private readonly placement: Placement,
  ) {}

  /** Steps of a stream behind what the log has, in order and without a gap. Resolves when the log has them. */
  async publish(steps: readonly Step<State>[]): Promise<void> {
    const { recordOf } = this.placement;
    let records: NewRecord[] = [];
    for (const { event, after, record = recordOf(event) } of steps) {
      const own = [record, ...this.aggregate.consequences(after, event).map(recordOf)];
      if (records.length > 0 && records.length + own.length > recordsPerAppendMax) {
        await this.log.append(records);
        records = [];
      }
      records.push(...own);
    }
    if (records.length > 0) await this.log.append(records);
  }

  /**
   * Everything of the stream that the log may not have. `atLeast`: a version that the stream is known to have.
   * Answers how many events were published, and the version up to which the log has them now.
   */
  async catchUp(stream: string, atLeast: number): Promise<{ readonly count: number; readonly published: number }> {
    const published = await publishedOf(this.store, stream);
    const known = this.histories.recall(stream);
    const from = known !== undefined && known.version <= published ? known : undefined;
    let version = from?.version ?? 0;
    let count = 0;
    for await (const { steps } of this.histories.read(stream, from)) {
      const missing = steps.slice(Math.max(0, published - version));
      await this.publish(missing);
      version += steps.length;
      count += missing.length;
    }
    checkReached(stream, version, atLeast);
    return { count, published: version };
  }
}
