import type { PlacedTopic } from '@ringside/data-ring';
import { createWakeups } from '@ringside/event-log';

import { copyTopic, subscriptionTo, type CopySession, type Refusal, type Source, type Target } from './copy-topic.js';
import type { Fate } from './faults.js';

export type { Refusal } from './copy-topic.js';

/** `away`: something failed, and is tried again. */
export type LinkState = 'up' | 'cut' | 'away';

/** A link's figures since it was opened. */
export interface LinkStatus {
  readonly from: string;
  readonly to: string;
  readonly state: LinkState;
  readonly delayMs: number;
  /** Records that were appended at the target, and their bytes. */
  readonly copied: number;
  readonly copiedBytes: number;
  /** Of those, how many twice, and how many records not at all, by the faults that were asked for. */
  readonly doubled: number;
  readonly lost: number;
  /** Records of other regions, which others copy. */
  readonly passedOver: number;
  /** Records that must not lie at the target, by the code of the reason. */
  readonly refused: Readonly<Record<string, number>>;
  readonly failures: number;
  /** What went wrong last; null where all is well again. */
  readonly because: string | null;
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
  const figures = { copied: 0, copiedBytes: 0, doubled: 0, lost: 0, passedOver: 0, failures: 0 };
  const refused: Record<string, number> = {};
  /** By topic, while its copying waits to be tried again. */
  const troubles = new Map<string, string>();
  const sessions = new Set<CopySession>();
  const changes = createWakeups();
  let delayMs = given.delayMs;
  let isCut = false;
  let isClosed = false;

  const begin = (topic: PlacedTopic): CopySession =>
    copyTopic({
      ...{ source, target, topic, fate },
      delayMs: () => delayMs,
      onBegun: () => troubles.delete(topic.name),
      onCopied: (records, outcome) => {
        figures[outcome] += records.length;
        if (outcome === 'copied') figures.copiedBytes += records.reduce((sum, { bytes }) => sum + bytes.length, 0);
      },
      onPassedOver: () => figures.passedOver++,
      onRefused: (refusal) => {
        refused[refusal.code] = (refused[refusal.code] ?? 0) + 1;
        events.onRefused?.(refusal);
      },
    });

  /** Copies the topic whenever the link is there, until it is closed. */
  async function keepCopying(topic: PlacedTopic): Promise<void> {
    for (let failures = 0; !isClosed;) {
      const changed = changes.next();
      if (isCut) {
        await changed.within(backoffMs.max);
        continue;
      }
      const session = begin(topic);
      sessions.add(session);
      const startedAt = performance.now();
      try {
        await session.ended;
        failures = 0;
      } catch (error) {
        const ran = performance.now() - startedAt;
        failures = ran > backoffMs.max ? 1 : failures + 1;
        const because = `${source.region} to ${target.region}, ${topic.name}: ${(error as Error).message}`;
        figures.failures++;
        troubles.set(topic.name, because);
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

  const backlogOf = async ({ name }: PlacedTopic): Promise<number> => {
    const known = (await source.log.topics()).some(({ topic }) => topic === name);
    if (!known) return 0;
    const partitions = await source.log.backlog(name, subscriptionTo(target.region));
    if (partitions.length > 0) return partitions.reduce((sum, { backlog }) => sum + backlog, 0);
    // The link has not begun with it: everything is before it, and how much does not matter.
    return (await source.log.heads(name)).filter(({ head }) => head !== null).length;
  };
  const backlog = async (): Promise<number> => (await Promise.all(topics.map(backlogOf))).reduce((sum, one) => sum + one, 0);
  const stateOf = (): LinkState => (isCut ? 'cut' : troubles.size > 0 ? 'away' : 'up');

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
    status: async () => ({
      ...{ from: source.region, to: target.region, state: stateOf(), delayMs },
      ...figures,
      refused: { ...refused },
      because: [...troubles.values()].at(-1) ?? null,
      backlog: await backlog().catch(() => null),
    }),
    caughtUp: async () => (await backlog()) === 0,
    close: async () => {
      isClosed = true;
      changes.wake();
      await stopSessions();
      await copying;
    },
  };
}
