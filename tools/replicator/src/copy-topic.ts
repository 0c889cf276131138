import type { PlacedTopic, Placement, PlacementFault } from '@ringside/data-ring';
import type { Delivery, EventLog, NewRecord, Subscription } from '@ringside/event-log';
import { decodeEvent, type ContractViolation } from '@ringside/events';

import { createDelayLine, type DelayLine } from './delay-line.js';
import type { Fate } from './faults.js';

/** Where a link begins. */
export interface Source {
  readonly region: string;
  readonly log: EventLog;
}

/** Where it ends, and what may lie there. */
export interface Target extends Source {
  readonly placement: Placement;
}

/** A record that stays where it is though it is of the region that it would be copied from. */
export interface Refusal {
  readonly from: string;
  readonly to: string;
  readonly topic: string;
  /** Of the record. */
  readonly id: string;
  readonly code: PlacementFault['code'] | ContractViolation['code'];
  readonly message: string;
}

export interface Copying {
  readonly source: Source;
  readonly target: Target;
  readonly topic: PlacedTopic;
  readonly delayMs: () => number;
  readonly fate: Fate;
  /** The source is heard, and the target has the topic. */
  readonly onBegun: () => void;
  readonly onCopied: (records: readonly NewRecord[], outcome: 'copied' | 'doubled' | 'lost') => void;
  /** Of another region: whoever has it at its source copies it. */
  readonly onPassedOver: () => void;
  readonly onRefused: (refusal: Refusal) => void;
}

/** One topic's copying, until it is stopped or fails. */
export interface CopySession {
  /** Resolves when it was stopped, and rejects with what went wrong. Nothing is copied any more then. */
  readonly ended: Promise<void>;
  stop(): void;
  /** The delay has changed. */
  reconsider(): void;
}

/** The cursor of a link, on the log that it begins at. */
export const subscriptionTo = (region: string): string => `replicator-to-${region}`;

const batchRecordsMax = 1_000;
/** So much may be under way on a link, for each topic. */
const underWayRecordsMax = 20_000;
const receiveWaitMs = 5_000;

export function copyTopic(copying: Copying): CopySession {
  const line = createDelayLine<Delivery>(copying.delayMs, underWayRecordsMax);
  const stopping = new AbortController();
  const stop = (): void => {
    stopping.abort();
    line.break();
  };
  return { ended: copyUntil(copying, line, { signal: stopping.signal, stop }), stop, reconsider: line.reconsider };
}

interface Stop {
  readonly signal: AbortSignal;
  readonly stop: () => void;
}

async function copyUntil(copying: Copying, line: DelayLine<Delivery>, { signal, stop }: Stop): Promise<void> {
  const { source, target, topic } = copying;
  await makeTopic(copying);
  if (signal.aborted) return;
  const subscription = await source.log.subscribe({
    topic: topic.name,
    subscription: subscriptionTo(target.region),
    start: { at: 'earliest' },
    consumer: 'replicator',
  });
  copying.onBegun();
  // Closing ends a `receive` that waits.
  const closed = new Promise<void>((resolve, reject) => {
    const close = (): void => void subscription.close().then(resolve, reject);
    if (signal.aborted) close();
    else signal.addEventListener('abort', close, { once: true });
  });
  const send = sendAll(subscription, line, signal).finally(stop);
  const deliver = deliverAll(copying, subscription, line).finally(stop);
  for (const outcome of await Promise.allSettled([send, deliver, closed])) {
    if (outcome.status === 'rejected') throw outcome.reason;
  }
}

async function makeTopic({ source, target, topic }: Copying): Promise<void> {
  const { name } = topic;
  const known = (await source.log.topics()).find((one) => one.topic === name);
  const { partitions } = known ?? topic.topic;
  if (known === undefined) await source.log.createTopic(name, { partitions });
  await target.log.createTopic(name, { partitions });
}

async function sendAll(subscription: Subscription, line: DelayLine<Delivery>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const deliveries = await subscription.receive({ recordsMax: batchRecordsMax, waitMsMax: receiveWaitMs });
    if (deliveries.length > 0) await line.push(deliveries);
  }
}

/** What was appended is acknowledged then and not before: a link that fails in between copies again. */
async function deliverAll(copying: Copying, subscription: Subscription, line: DelayLine<Delivery>): Promise<void> {
  const { target, fate, onCopied } = copying;
  for (;;) {
    const arrived = await line.take(batchRecordsMax);
    if (arrived.length === 0) return;
    const allowed = arrived.filter((record) => isToCopy(copying, record)).map(withoutPlace);
    const lost = new Set(allowed.filter(() => fate.isLost()));
    const records = allowed.filter((record) => !lost.has(record));
    if (records.length > 0) await target.log.append(records);
    onCopied(records, 'copied');
    onCopied([...lost], 'lost');
    if (records.length > 0 && fate.arrivesTwice()) {
      await target.log.append(records);
      onCopied(records, 'doubled');
    }
    await subscription.acknowledge(arrived);
  }
}

const withoutPlace = ({ topic, key, id, bytes }: Delivery): NewRecord => ({ topic, key, id, bytes });

/** Only what its own region has written, so that nothing goes round; and only what the policy lets lie at the target. */
function isToCopy({ source, target, topic, onPassedOver, onRefused }: Copying, { id, bytes }: Delivery): boolean {
  const decoded = decodeEvent(bytes);
  if (decoded.ok && decoded.value.region !== source.region) {
    onPassedOver();
    return false;
  }
  const fault = decoded.ok ? target.placement.mayLieHere(topic.name, decoded.value) : decoded.error;
  if (fault === undefined) return true;
  const { code, message } = fault;
  onRefused({ from: source.region, to: target.region, topic: topic.name, id, code, message });
  return false;
}
