import type { Actor, LifecycleCommand } from '@ringside/casework';
import type { IsoTime, JsonObject } from '@ringside/core';
import type { ViewStore } from '@ringside/view-store';

/** Commands that many cases can be given at once. */
export type BulkCommand = Extract<
  LifecycleCommand,
  { readonly kind: 'claim' | 'release' | 'hand_over' | 'hold' | 'resume' | 'note' | 'escalate' | 'decide' }
>;

/** A case as whoever asked for the bulk saw it: another step since, and it is left alone. */
export interface BulkCase {
  readonly caseId: string;
  readonly version: number;
}

interface Requested {
  readonly by: Actor;
  readonly at: IsoTime;
  readonly command: BulkCommand;
  readonly cases: readonly BulkCase[];
  readonly needsApproval: boolean;
}
interface ByOn {
  readonly by: Actor;
  readonly at: IsoTime;
}

/** A bulk as the steps of its stream make it. How far it is, its results tell. */
export interface Bulk extends Requested {
  readonly bulkId: string;
  readonly version: number;
  readonly approved: ByOn | null;
  readonly undone: ByOn | null;
  /** It will not be done. */
  readonly rejected: (ByOn & { readonly reason: string }) | null;
}

export type BulkStep =
  | { readonly type: 'BulkRequested'; readonly data: Requested }
  | { readonly type: 'BulkApproved'; readonly data: ByOn }
  | { readonly type: 'BulkRejected'; readonly data: ByOn & { readonly reason: string } }
  | { readonly type: 'BulkUndone'; readonly data: ByOn };

/** What a step after the first one says of the bulk. */
const stepsOf = { BulkApproved: 'approved', BulkRejected: 'rejected', BulkUndone: 'undone' } as const;

const streamOf = (bulkId: string): string => `bulk-${bulkId}`;

export async function readBulk(store: ViewStore, bulkId: string): Promise<Bulk | undefined> {
  let bulk: Bulk | undefined;
  for (const { type, data, version } of await store.readStream(streamOf(bulkId))) {
    if (type === 'BulkRequested') {
      bulk = { ...(data as unknown as Requested), bulkId, version, approved: null, undone: null, rejected: null };
    } else if (bulk !== undefined) {
      bulk = { ...bulk, version, [stepsOf[type as keyof typeof stepsOf]]: data };
    }
  }
  return bulk;
}

/** Takes a step, unless somebody was faster. `fingerprint`: of what was asked for; a repetition is answered with the first one's. */
export async function takeBulkStep(
  store: ViewStore,
  at: { readonly bulkId: string; readonly version: number; readonly stepId: string; readonly fingerprint: string },
  { type, data }: BulkStep,
): Promise<'taken' | 'conflict' | 'other_request'> {
  const stream = streamOf(at.bulkId);
  const { fence } = await store.streamHead(stream);
  const outcome = await store.appendToStream({
    stream,
    expectedVersion: at.version,
    fence,
    commandId: at.stepId,
    events: [{ id: `${at.bulkId}.${at.version + 1}`, type, data: data as unknown as JsonObject }],
    result: { fingerprint: at.fingerprint },
  });
  if (outcome.outcome === 'appended') return 'taken';
  if (outcome.outcome !== 'repeated') return 'conflict';
  return outcome.result['fingerprint'] === at.fingerprint ? 'taken' : 'other_request';
}
