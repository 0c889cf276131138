import { restoredStanding, standingAt, standingRow, type ReporterStanding } from '@ringside/casework';
import { err, isoTime, ok, uuidv7, type Clock, type IsoTime, type JsonObject, type Result } from '@ringside/core';
import type { Placement } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';
import { createEvent, reporterStandingChanged } from '@ringside/events';
import type { ViewStore } from '@ringside/view-store';

import type { Views } from '../views.js';

/** Partition = player, key = the Idempotency-Key, or an id of its own. Written once: what a lead restored, and why. */
export const restorationsTable = 'standing_restorations';

export interface Restoration {
  readonly playerId: string;
  readonly standing: 'good';
  readonly by: string;
  readonly at: IsoTime;
}

/** A restoration on record. The reason stays in this store: the event goes to every region. */
interface Recorded {
  readonly fingerprint: string;
  readonly reason: string;
  readonly at: IsoTime;
  readonly eventId: string;
  readonly data: Parameters<typeof reporterStandingChanged.stream>[0];
}

export interface RestoreRequest {
  readonly playerId: string;
  readonly reason: string;
  readonly by: string;
  readonly idempotencyKey: string | undefined;
  /** Of who asks for what: the same key with another one is refused. */
  readonly fingerprint: string;
}

export interface RestoringTeam {
  readonly team: string;
  readonly service: string;
  readonly placement: Placement;
  readonly views: Views;
  readonly store: ViewStore;
  readonly log: EventLog;
  readonly clock: Clock;
}

/**
 * Says of a reporter that they are in good standing again, and resolves when the log has it on disk. What was said under a key is on
 * record before that, so that whoever repeats it says the very same, and a copy is dropped by its id.
 */
export async function restoreStanding(
  team: RestoringTeam,
  { playerId, reason, by, idempotencyKey, fingerprint }: RestoreRequest,
): Promise<Result<Restoration, 'in_good_standing' | 'key_reused'>> {
  const { views, store, clock, placement } = team;
  const row = { table: restorationsTable, partition: playerId, key: idempotencyKey ?? uuidv7() };
  let recorded = idempotencyKey === undefined ? undefined : (await store.get(row))?.value;
  if (recorded === undefined) {
    const known = (await views.get(standingRow(playerId))) as unknown as ReporterStanding | undefined;
    const at = isoTime(clock());
    if (known === undefined || standingAt(known, at) === 'good') return err('in_good_standing');
    const data = { reporterId: playerId, team: team.team, ...restoredStanding(known, by) };
    const value = { fingerprint, reason, at, eventId: uuidv7(clock()), data } satisfies Recorded as unknown as JsonObject;
    const outcome = await store.insertOnce({ ...row, value });
    recorded = outcome.outcome === 'inserted' ? value : outcome.value;
  }
  const restoration = recorded as unknown as Recorded;
  if (restoration.fingerprint !== fingerprint) return err('key_reused');
  const { data, eventId: id, at: time } = restoration;
  const event = createEvent(reporterStandingChanged, { data, id, time, region: placement.region, source: team.service });
  await team.log.append([placement.recordOf(event)]);
  return ok({ playerId, standing: 'good', by: data.by, at: time });
}
