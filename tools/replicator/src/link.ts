import type { PlacedTopic } from '@ringside/data-ring';
import { createWakeups } from '@ringside/event-log';

import { copyTopic, subscriptionTo, type CopySession, type Refusal, type Source, type Target } from './copy-topic.js';
import type { Fate } from './faults.js';
import { LinkFigures, type Figures } from './link-figures.js';

export type { Refusal } from './copy-topic.js';

/** `away`: something failed, and is tried again. */
export type LinkState = 'up' | 'cut' | 'away';

export interface LinkStatus extends Figures {
  readonly from: string;
  readonly to: string;
  readonly state: LinkState;
  readonly delayMs: number;
  /** Records that the source has and this link has not dealt with; null while the source cannot say. */
  readonly backlog: number | null;
}

/** One direction between two regions. */
export interface Link {
  readonly from: string;
  readonly to: string;
  readonly state: LinkState;
  /** Resolves when nothing is copied any more. What is under way is lost, and sent again after {@link heal}. */
  cut(): Promise<void>;
  heal(): void;
  /** How long everything takes from now on, in ms, also what is under way. */
  delay(ms: number): void;
  status(): Promise<LinkStatus>;
  /** Whether it has dealt with all that its source had when it was asked. Rejects while the source is away. */
  caughtUp(): Promise<boolean>;
  close(): Promise<void>;
}

export interface LinkEvents {
  readonly onRefused?: (refusal: Refusal) => void;
  /** Told each time that a topic's copying fails, in a sentence. */
  readonly onFailure?: (message: string) => void;
}

export interface LinkOptions {
  readonly source: Source;
  readonly target: Target;
  readonly topics: readonly PlacedTopic[];
  readonly delayMs: number;
  readonly fate: Fate;
  readonly events: LinkEvents;
}

const backoffMs = { min: 50, max: 5_000 };

export function openLink({ source, target, topics, fate, events, ...given }: LinkOptions): Link {
  const figures = new LinkFigures();
  const sessions = new Set<CopySession>();
  const changes = createWakeups();
  let delayMs = given.delayMs;
  let isCut = false;
  let isClosed = false;

  /** Copies the topic whenever the link is there, until it is closed. */
  async function keepCopying(topic: PlacedTopic): Promise<void> {
    const told = figures.of(topic.name, events.onRefused);
    for (let failures = 0; !isClosed;) {
      const changed = changes.next();
      if (isCut) {
        await changed.within(backoffMs.max);
        continue;
      }
      const session = copyTopic({ source, target, topic, fate, delayMs: () => delayMs, ...told });
      sessions.add(session);
      const startedAt = performance.now();
      try {
        await session.ended;
        failures = 0;
      } catch (error) {
        failures = performance.now() - startedAt > backoffMs.max ? 1 : failures + 1;
        const because = `${source.region} to ${target.region}, ${topic.name}: ${(error as Error).message}`;
        figures.failed(topic.name, because);
        events.onFailure?.(because);
        await changes.next().within(Math.min(backoffMs.max, backoffMs.min * 2 ** failures));
      } finally {
        sessions.delete(session);
      }
    }
  }

  async function stopSessions(): Promise<void> {
    const running = [...sessions];
    for (const session of running) session.stop();
    await Promise.allSettled(running.map(({ ended }) => ended));
  }

  const stateOf = (): LinkState => (isCut ? 'cut' : figures.isInTrouble ? 'away' : 'up');
  const copying = Promise.all(topics.map(keepCopying));
  return {
    from: source.region,
    to: target.region,
    get state() {
      return stateOf();
    },
    cut: async () => {
      isCut = true;
      changes.wake();
      await stopSessions();
    },
    heal: () => {
      isCut = false;
      changes.wake();
    },
    delay: (ms) => {
      delayMs = ms;
      for (const session of sessions) session.reconsider();
    },
    status: async () => {
      const backlog = await backlogOf(source, target, topics).catch(() => null);
      return { from: source.region, to: target.region, state: stateOf(), delayMs, ...figures.now(), backlog };
    },
    caughtUp: async () => (await backlogOf(source, target, topics)) === 0,
    close: async () => {
      isClosed = true;
      changes.wake();
      await stopSessions();
      await copying;
    },
  };
}

/** Records of the source that a link has not dealt with; at least one where it has not begun with a topic that has any. */
async function backlogOf({ log }: Source, { region }: Target, topics: readonly PlacedTopic[]): Promise<number> {
  const known = new Set((await log.topics()).map(({ topic }) => topic));
  const backlogs = topics
    .filter(({ name }) => known.has(name))
    .map(async ({ name }) => {
      const partitions = await log.backlog(name, subscriptionTo(region));
      if (partitions.length > 0) return partitions.reduce((sum, { backlog }) => sum + backlog, 0);
      return (await log.heads(name)).filter(({ head }) => head !== null).length;
    });
  return (await Promise.all(backlogs)).reduce((sum, backlog) => sum + backlog, 0);
}
