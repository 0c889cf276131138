import { PassThrough, type Readable } from 'node:stream';

import type { ChangeFeed, PlacedChange } from './change-feed.js';
import { idOfPlace, placeOfId, type Place } from './place.js';

export interface ChangeStreamOptions {
  /** How often something is sent where nothing happens, in ms: proxies end what is silent. */
  readonly heartBeatMs: number;
  /** After so long the stream ends, in ms; its client comes back, with a token that is valid then. */
  readonly durationMsMax: number;
  /** A client that is so many bytes behind is cut off: it comes back, and is told what it missed. */
  readonly behindBytesMax: number;
}

export const changeStreamDefaults: ChangeStreamOptions = {
  heartBeatMs: 15_000,
  durationMsMax: 15 * 60_000,
  behindBytesMax: 1_048_576,
};

/** One client's server-sent events. */
export class ChangeStream {
  private readonly out = new PassThrough({ highWaterMark: 16_384 });
  /** What happened while what was missed is still being told; undefined once that is through. */
  private waiting: PlacedChange[] | undefined = [];
  private readonly timers: NodeJS.Timeout[] = [];

  private constructor(
    private readonly feed: ChangeFeed,
    private readonly options: ChangeStreamOptions,
  ) {}

  /** Begins behind `lastEventId`, or now. Rejects where the log is away. */
  static async open(
    feed: ChangeFeed,
    lastEventId: string | undefined,
    options: ChangeStreamOptions = changeStreamDefaults,
  ): Promise<ChangeStream> {
    const stream = new ChangeStream(feed, options);
    const now = await feed.listen(stream.hear);
    stream.out.once('close', () => stream.leave());
    stream.timers.push(
      setInterval(() => stream.write(': heart-beat\n\n'), options.heartBeatMs).unref(),
      setTimeout(() => stream.end(), options.durationMsMax).unref(),
    );
    void stream.catchUp(lastEventId, now);
    return stream;
  }

  get readable(): Readable {
    return this.out;
  }

  /** Tells the client no more; it will come back. */
  end(): void {
    this.leave();
    this.out.end();
  }

  private leave(): void {
    this.feed.leave(this.hear);
    for (const timer of this.timers) clearTimeout(timer);
  }

  private readonly hear = (placed: PlacedChange): void => {
    if (this.waiting === undefined) this.tell(placed);
    else if (this.waiting.push(placed) > waitingMax) this.out.destroy();
  };

  private async catchUp(lastEventId: string | undefined, now: Place): Promise<void> {
    try {
      const from = lastEventId === undefined ? now : placeOfId(lastEventId);
      const isWhole = from !== undefined && (await this.feed.replay(from, now, (placed) => this.tellInTime(placed)));
      this.write(eventOf(isWhole ? 'ready' : 'reset', now, {}));
      for (const placed of this.waiting ?? []) this.tell(placed);
      this.waiting = undefined;
    } catch {
      // The log is away, or does not know such a position: the client comes back, or reads everything anew.
      this.write(eventOf('reset', now, {}));
      this.end();
    }
  }

  /** What was missed is told as fast as the client takes it. */
  private async tellInTime(placed: PlacedChange): Promise<void> {
    if (this.out.destroyed) throw new Error('The client has gone.');
    this.tell(placed);
    if (this.out.writableNeedDrain) await new Promise<void>((resolve) => this.whenDrained(resolve));
  }

  private whenDrained(resolve: () => void): void {
    const done = (): void => {
      this.out.off('drain', done).off('close', done);
      resolve();
    };
    this.out.once('drain', done).once('close', done);
  }

  private tell({ change, place }: PlacedChange): void {
    this.write(eventOf('case', place, change));
  }

  private write(text: string): void {
    if (this.out.destroyed || this.out.writableEnded) return;
    this.out.write(text);
    if (this.out.writableLength > this.options.behindBytesMax) this.out.destroy();
  }
}

/** So many changes wait at most for what was missed to be told. */
const waitingMax = 10_000;

const eventOf = (name: string, place: Place, data: object): string =>
  `event: ${name}\nid: ${idOfPlace(place)}\ndata: ${JSON.stringify(data)}\n\n`;
