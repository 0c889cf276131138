import { standalone } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';
import { reportsTopic } from '@ringside/events';
import { placed, Rebuild, subscriberOf, tablesOf, Views, type Watermark } from '@ringside/team-kit';
import type { ViewStore } from '@ringside/view-store';

import { findTeam } from './find-team.js';

const { topic } = reportsTopic;

/** The views of a team, to be built anew from all that is on the log. */
export interface ViewsToRebuild {
  /** Builds them and makes them the live ones. */
  rebuild(): Promise<Views>;
}

/** Prepares a rebuild in a store that has no views yet: reading and writing are what is left to do. */
export async function viewsToRebuild(teamName: string, log: EventLog, store: ViewStore): Promise<ViewsToRebuild> {
  const subscriber = placed(subscriberOf((await findTeam(teamName))!), standalone('local'));
  const live = await Views.current(store, subscriber.name);
  await live.createTables(tablesOf(subscriber)); // there is nothing in them: all comes from the log
  const target = live.ofGeneration(live.generation + 1);
  const all = await allOf(log, subscriber.name);
  return {
    async rebuild() {
      const rebuild = await Rebuild.fromStart({ subscriber, log, live, target });
      await rebuild.advance(all);
      await rebuild.makeCurrent();
      return target;
    },
  };
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
