import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type Clock, systemClock, UnavailableError } from '@ringside/core';
import type { EventLog, LogHealth, Subscription } from '@ringside/event-log';
import type { Environment } from '@ringside/lmdb-environment';
import { createAppender, recordBytesMax } from './append.js';
import { backlogOf, headsOf, readPartition } from './inspection.js';
import { type CursorFile, openCursorFile } from './cursor-file.js';
import { createSubscription, moveCursors } from './cursors.js';
import { openDoorbell } from './doorbell.js';
import { type LogFile, openLogFile } from './log-file.js';
import { createMembership } from './membership.js';
import { createReader } from './reader.js';
import { openSubscription } from './subscription.js';
import { openTopics } from './topics.js';
import { createWakeups } from '@ringside/event-log';

export interface EmbeddedEventLogOptions {
  /** Made where it is missing. Processes of one machine share it. */
  readonly directory: string;
  readonly clock?: Clock;
  /** How long a consumer that is not heard of keeps its partitions, in ms; 3,000 where absent. The same for all processes. */
  readonly leaseMs?: number;
  /** A commit that takes longer is answered with `UnavailableError`, in ms; 10,000 where absent. */
  readonly commitMsMax?: number;
  /** Told what does not stop the log but somebody should know. */
  readonly onWarning?: (message: string) => void;
}

export interface EmbeddedEventLog extends EventLog {
  /** Ends the heartbeats as the process's death would: nothing is flushed or given back. For tests of what then happens. */
  abandon(): void;
}

/** How often to look for appends in case the doorbell was not heard; without one, this often. */
const pollMs = 500;
const pollWithoutWatchMs = 20;
const healthMsMax = 1_500;

/** Throws `StartupError` where the directory cannot be used. See `openEnvironment`. */
export async function openEmbeddedEventLog(options: EmbeddedEventLogOptions): Promise<EmbeddedEventLog> {
  const commitMsMax = options.commitMsMax ?? 10_000;
  const file = await openLogFile(options.directory, commitMsMax);
  try {
    return eventLogOver(file, await openCursorFile(file.environment.directory, commitMsMax), options);
  } catch (error) {
    await file.environment.close();
    throw error;
  }
}

function eventLogOver(file: LogFile, cursorFile: CursorFile, options: EmbeddedEventLogOptions): EmbeddedEventLog {
  const { directory } = file.environment;
  const { clock = systemClock, leaseMs = 3_000, onWarning = () => undefined } = options;
  const topics = openTopics(file);
  const reader = createReader(file, topics);
  const wakeups = createWakeups();
  let lookedAt: number | undefined;
  /** Who waits for records looks where anything was written since it looked last, and where that cannot be told: it says why. */
  const wakeForNews = (): void => {
    const newest = newestWrite(file);
    if (newest !== undefined && newest === lookedAt) return;
    lookedAt = newest;
    wakeups.wake();
  };
  const bell = openDoorbell({
    file: join(directory, 'appended.bell'),
    onRing: wakeForNews,
    pollMs,
    pollWithoutWatchMs,
    onWarning,
  });
  const membershipBell = openDoorbell({
    file: join(cursorFile.environment.directory, 'changed.bell'),
    onRing: () => void membership.beat().catch(() => undefined), // the timer's beat says what is wrong
    pollWithoutWatchMs: leaseMs / 10,
    onWarning,
  });
  const membership = createMembership({ file: cursorFile, clock, leaseMs, onWarning, onChanged: membershipBell.ring });
  const onCommitted = (): void => {
    wakeForNews();
    bell.ring();
  };
  const append = createAppender({ file, topics, clock, onCommitted });
  const subscriptions = new Set<Subscription>();
  let closing: Promise<void> | undefined;

  const nameOf = (topic: string, subscription: string) => ({ topic, subscription, partitions: topics.find(topic).partitions });
  const inspection = { file, cursorFile, topics, reader };

  async function closeAll(): Promise<void> {
    // What cannot be given back now is free when its lease has expired.
    for (const outcome of await Promise.allSettled([...subscriptions].map((subscription) => subscription.close()))) {
      if (outcome.status === 'rejected') onWarning(`A subscription could not be closed: ${(outcome.reason as Error).message}`);
    }
    membership.stop();
    bell.close();
    membershipBell.close();
    await Promise.all([file.environment.close(), cursorFile.environment.close()]);
  }

  return {
    driver: 'embedded',
    capabilities: { atomicAppend: true, recordBytesMax, shared: 'process' },
    createTopic: (topic, { partitions }) => topics.create(topic, partitions),
    topics: async () => topics.list(),
    append,
    subscribe: async ({ topic, subscription, start, consumer }) => {
      const name = nameOf(topic, subscription);
      file.environment.refresh();
      await createSubscription(cursorFile, reader, name, start);
      bell.listen();
      membershipBell.listen();
      const opened = await openSubscription({
        ...name,
        id: `${consumer}/${process.pid}/${randomUUID()}`,
        reader,
        refresh: file.environment.refresh,
        membership,
        wakeups,
        onClosed: (closed) => subscriptions.delete(closed),
      });
      subscriptions.add(opened);
      return opened;
    },
    read: (range) => readPartition(inspection, range),
    heads: async (topic) => headsOf(inspection, topic),
    backlog: async (topic, subscription) => backlogOf(inspection, topic, subscription),
    resetCursor: async (topic, subscription, to) => {
      file.environment.refresh();
      await moveCursors(cursorFile, reader, nameOf(topic, subscription), to);
      membershipBell.ring();
      await membership.beat();
    },
    health: () => probe(file.environment, cursorFile.environment),
    close: () => (closing ??= closeAll()),
    abandon: membership.stop,
  };
}

function newestWrite(file: LogFile): number | undefined {
  try {
    return file.environment.refresh();
  } catch {
    return undefined;
  }
}

/**
 * A commit of nothing goes the whole way but for the flush; where the last commit failed, there is a flush as well. The file of cursors is
 * tried only then.
 */
async function probe(log: Environment, cursors: Environment): Promise<LogHealth> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new UnavailableError('event-log', `The event log did not commit within ${healthMsMax} ms.`);
    timer = setTimeout(() => reject(error), healthMsMax);
  });
  try {
    const commits = [log.write(() => undefined, { writesNothing: !log.isFailing() })];
    if (cursors.isFailing()) commits.push(cursors.write(() => undefined));
    await Promise.race([Promise.all(commits), late]);
    return { status: 'up' };
  } catch (error) {
    return { status: 'down', reason: (error as Error).message };
  } finally {
    clearTimeout(timer);
  }
}
