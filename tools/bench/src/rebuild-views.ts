import { join } from 'node:path';
import { standalone } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';
import { reportsTopic } from '@ringside/events';
import { placed, Rebuild, rebuildViews, subscriberOf, tablesOf, Views, type Watermark } from '@ringside/team-kit';
import type { ViewStore } from '@ringside/view-store';
import { fillingThreads } from '@ringside/views-tool';

import { findTeam } from './find-team.js';

const { topic } = reportsTopic;

/** Where a team's service has its log and its views, with both open. */
export interface RebuildPlace {
  readonly team: string;
  readonly data: string;
  readonly log: EventLog;
  readonly store: ViewStore;
}

/** The views of a team, to be built anew from all that is on the log. */
export interface ViewsToRebuild {
  /** Builds them and makes them the live ones. */
  rebuild(): Promise<Views>;
}

const interrupted = new AbortController().signal;
const nothing = (): void => undefined;
/** As `rebuildViews` has it: fewer events are read sooner than a thread is there. */
const threadedEventsMin = 20_000;

/** Where its service has the views of a team. */
export const viewsOf = async (team: string, data: string): Promise<string> =>
  join(data, 'views', subscriberOf((await findTeam(team))!).name);

/**
 * Prepares a rebuild in a store that has no views yet: reading and writing are what is left to do, by the threads of `views:rebuild`, each
 * with source partitions of its own.
 */
export async function viewsToRebuild({ team, data, log, store }: RebuildPlace): Promise<ViewsToRebuild> {
  const subscriber = placed(subscriberOf((await findTeam(team))!), standalone('local'));
  const live = await Views.current(store, subscriber.name);
  await live.createTables(tablesOf(subscriber)); // there is nothing in them: all comes from the log
  const target = live.ofGeneration(live.generation + 1);
  const all = await allOf(log, subscriber.name);
  const options = { subscriber, log, live, target };
  const events = all.reduce((sum, { ordinal }) => sum + ordinal, 0);
  const threads = events < threadedEventsMin ? [] : fillingThreads({ team, data }, interrupted);
  return {
    async rebuild() {
      let rebuild = await Rebuild.fromStart(options);
      if (threads.length > 0) {
        const shares = threads.map((_, thread) => all.filter((_, i) => i % threads.length === thread));
        const { generation } = target;
        await Promise.all(threads.map((fill, i) => fill({ generation, watermark: shares[i]!, onBatch: nothing })));
        rebuild = await Rebuild.fromCheckpoint(options);
      }
      await rebuild.advance(all);
      await rebuild.makeCurrent();
      return target;
    },
  };
}

/** Rebuilds the live views beside themselves and compares both row for row, as `views:rebuild --check` does. Answers with the differences. */
export async function rebuildAndCompare({ team, data, log, store }: RebuildPlace): Promise<number> {
  const subscriber = placed(subscriberOf((await findTeam(team))!), standalone('local'));
  const helpers = fillingThreads({ team, data }, interrupted);
  const { parity } = await rebuildViews({ subscriber, log, store, check: true, helpers });
  return parity.differences.length;
}

/** A service that starts on these views goes on behind what they contain. */
export const passOver = async (teamName: string, log: EventLog): Promise<void> =>
  log.resetCursor(topic, subscriberOf((await findTeam(teamName))!).name, { at: 'latest' });

/** How far views contain the log that contain all of it. */
async function allOf(log: EventLog, subscription: string): Promise<Watermark> {
  await log.resetCursor(topic, subscription, { at: 'earliest' });
  const backlog = await log.backlog(topic, subscription);
  const heads = new Map((await log.heads(topic)).map(({ partition, head }) => [partition, head]));
  return backlog.map(({ partition, backlog: ordinal }) => ({
    topic,
    partition,
    position: heads.get(partition) ?? null,
    ordinal,
  }));
}
