import type { Placement } from '@ringside/data-ring';
import type { EventLog, NewRecord } from '@ringside/event-log';
import { decodeEvent } from '@ringside/events';

import { hashOf } from '../holdings/digest.js';
import { bucketOf, type HeldAt } from '../holdings/holdings.js';
import type { MissingEvent } from './findings.js';
import { PeerError, recordsMax, type Peer, type PeerRecord } from './peer.js';

/** Why what a peer has sent was not taken. A violation of policy has the code of the rule. */
export interface Refusal {
  readonly id: string;
  readonly topic: string;
  readonly reason: string;
  /** A sentence for people. */
  readonly detail: string;
}

export interface Restored {
  /** Ids that are on the log of this region now. */
  readonly restored: readonly string[];
  readonly refused: readonly Refusal[];
  /** Ids that the peer said it had, and did not send when it was asked for them. */
  readonly notSent: readonly string[];
  /**
   * What ended it: a peer that is away, or what the log has thrown; or else the first `PeerError` among those that it went on behind.
   * What was done besides is there all the same.
   */
  readonly failure?: Error;
}

export interface RestoreOptions {
  readonly placement: Placement;
  readonly peer: Peer;
  /** Takes what the guard of a service's log would refuse: nobody has produced it here. */
  readonly log: Pick<EventLog, 'append' | 'capabilities'>;
}

/**
 * Fetches what is missing here from the peer that has it, and appends what may be believed, byte for byte. Its id is the same, so
 * whoever has it already drops the copy. Where the peer fails for some it is asked for the others, unless it is away.
 */
export async function restore(missing: readonly MissingEvent[], options: RestoreOptions): Promise<Restored> {
  const outcome = { restored: [] as string[], refused: [] as Refusal[], notSent: [] as string[] };
  let failure: PeerError | undefined;
  for (const wanted of batches(missing)) {
    const ofId = new Map(wanted.map((one) => [one.id, one]));
    try {
      // A peer sends fewer than it is asked for where they are large.
      for (let before = Infinity; ofId.size > 0 && ofId.size < before;) {
        before = ofId.size;
        const { records, refused } = await taken(ofId, wanted[0]!.at, options);
        outcome.refused.push(...refused);
        if (records.length > 0) await options.log.append(records);
        outcome.restored.push(...records.map(({ id }) => id));
      }
    } catch (error) {
      // Neither a peer that is away nor a log that takes nothing is tried with the next ones.
      if (!(error instanceof PeerError) || error.isAway) return { ...outcome, failure: error as Error };
      failure ??= error;
    }
    outcome.notSent.push(...ofId.keys());
  }
  return { ...outcome, ...(failure && { failure }) };
}

/** One request. What is answered is asked for no longer. */
async function taken(
  ofId: Map<string, MissingEvent>,
  at: HeldAt,
  options: RestoreOptions,
): Promise<{ readonly records: readonly NewRecord[]; readonly refused: readonly Refusal[] }> {
  const records: NewRecord[] = [];
  const refused: Refusal[] = [];
  for (const record of await options.peer.records(at, [...ofId.keys()])) {
    const asked = ofId.get(record.id);
    ofId.delete(record.id);
    const one = asked === undefined ? notAsked(at, record) : recordToTake(asked, record, options);
    if ('bytes' in one) records.push(one);
    else refused.push(one);
  }
  return { records, refused };
}

/** Of one bucket each, and no more than a peer is asked for at once. */
export function* batches(missing: readonly MissingEvent[]): Generator<readonly MissingEvent[]> {
  let batch: MissingEvent[] = [];
  for (const one of missing) {
    const isOther = batch.length > 0 && one.at.bucket !== batch[0]!.at.bucket;
    if (isOther || batch.length === recordsMax) {
      yield batch;
      batch = [];
    }
    batch.push(one);
  }
  if (batch.length > 0) yield batch;
}

const notAsked = ({ topic }: HeldAt, { id }: PeerRecord): Refusal => ({
  ...{ id, topic, reason: 'not_asked_for' },
  detail: 'Nobody asked for this event.',
});

/** The record to append, or why it is not believed: the peer says of it what it likes, and everything is found out anew. */
export function recordToTake(
  asked: MissingEvent,
  sent: PeerRecord,
  { placement, log }: Pick<RestoreOptions, 'placement' | 'log'>,
): NewRecord | Refusal {
  const { topic, bucket } = asked.at;
  const refuse = (reason: string, detail: string): Refusal => ({ id: asked.id, topic, reason, detail });
  const { recordBytesMax } = log.capabilities;
  if (sent.bytes.length > recordBytesMax) return refuse('too_large', `The log takes at most ${recordBytesMax} bytes.`);
  const decoded = decodeEvent(sent.bytes);
  if (!decoded.ok) return refuse(decoded.error.code, decoded.error.message);
  const event = decoded.value;
  if (event.id !== asked.id) return refuse('other_id', 'The event has another id than the one that was asked for.');
  const fault = placement.mayLieHere(topic, event);
  if (fault !== undefined) return refuse(fault.code, fault.message);
  const { topic: belongs, key } = placement.recordOf(event);
  if (belongs !== topic) return refuse('wrong_topic', `The event belongs on "${belongs}".`);
  if (bucketOf(event.id, key) !== bucket) return refuse('other_bucket', 'The event is of another bucket.');
  if (hashOf(event.id, sent.bytes) !== asked.hash) return refuse('other_bytes', 'The bytes are not those that were listed.');
  return { topic, key, id: event.id, bytes: sent.bytes };
}
