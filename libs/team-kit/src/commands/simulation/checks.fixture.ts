import { stepOf } from '@ringside/casework';
import { casesTopic, decodeEvent, reportsTopic, type CaseEvent, type RingsideEvent } from '@ringside/events';

import type { CommandOutcome, CommandRequest } from '../aggregate.js';
import { fromStreamEvent, streamOf } from '../case-stream.js';
import { intentsTable } from '../intents.js';
import { notebooks, type NotebookCommand } from './notebook.fixture.js';
import type { LogContent } from './simulated-log.fixture.js';
import { rowsIn, streamIn, type StoreContent } from './simulated-store.fixture.js';

/** One sending of a command, and what its sender heard; `unknown` where that was nothing. */
export interface Sending {
  readonly request: CommandRequest<NotebookCommand>;
  readonly from: number;
  /** When it was answered; infinite where it never was. */
  readonly to: number;
  readonly heard: CommandOutcome | { readonly outcome: 'unknown' };
}

export interface Evidence {
  readonly store: StoreContent;
  readonly log: LogContent;
  readonly sendings: readonly Sending[];
}

/**
 * What is wrong with a run that has come to rest, as sentences. Looks at nothing but what the clients heard, what the streams
 * have, and what is on the log: it shares no code with what it checks, beside the decoding of events.
 */
export function faultsOf({ store, log, sendings }: Evidence): readonly string[] {
  const caseIds = [...new Set(sendings.map(({ request }) => request.case.caseId))];
  const faults = caseIds.flatMap((caseId) => {
    const events = streamIn(store, streamOf(caseId)).events.map(fromStreamEvent);
    const own = sendings.filter(({ request }) => request.case.caseId === caseId);
    return [...commandFaults(events, own), ...orderFaults(events, own), ...publicationFaults(caseId, events, log)];
  });
  const left = rowsIn(store, intentsTable).length;
  return left === 0 ? faults : [...faults, `${left} intents are left.`];
}

type Done = Extract<CommandOutcome, { outcome: 'done' }>;
const doneOf = ({ heard }: Sending): Done | undefined => (heard.outcome === 'done' ? heard : undefined);

/** Accepted once: in the stream once, answered alike. Not accepted: not in the stream. */
function commandFaults(events: readonly CaseEvent[], sendings: readonly Sending[]): readonly string[] {
  const faults: string[] = [];
  events.forEach(({ sequence, data }, i) => {
    if (sequence !== i + 1 || data.caseVersion !== i + 1) faults.push(`Version ${i + 1} has the event of another version.`);
  });
  const byCommand = new Map<string, readonly Sending[]>();
  for (const sending of sendings) {
    const { commandId } = sending.request;
    byCommand.set(commandId, [...(byCommand.get(commandId) ?? []), sending]);
  }
  for (const [commandId, own] of byCommand) {
    const stored = events.filter(({ causationId }) => causationId === commandId);
    const heard = own.flatMap((sending) => doneOf(sending) ?? []);
    const answers = new Set(heard.map(({ version, answer }) => JSON.stringify({ version, answer })));
    if (answers.size > 1 && own[0]!.request.command.kind !== 'tick') {
      faults.push(`${commandId} was answered in several ways: ${[...answers].join(' ')}`);
    }
    for (const { version, answer } of heard) {
      if (answer['steps'] === 0) continue;
      const versions = Array.from({ length: Number(answer['steps']) }, (_, i) => version - Number(answer['steps']) + i + 1);
      const found = stored.map(({ sequence }) => sequence);
      if (found.join() !== versions.join()) {
        faults.push(`${commandId} was accepted as ${versions.join()}, and the stream has it as ${found.join()}.`);
      }
    }
    const whole = own[0]!.request.command.kind === 'note' ? own[0]!.request.command.texts.length : 1;
    if (stored.length > 0 && stored.length !== whole) faults.push(`${commandId} is in the stream ${stored.length} times.`);
    const wasRefused = own.every(({ heard: { outcome } }) => ['refused', 'stale', 'id_reused'].includes(outcome));
    if (wasRefused && stored.length > 0) faults.push(`${commandId} was refused each time, and is in the stream.`);
  }
  const strange = events.filter(({ causationId }) => !byCommand.has(causationId ?? ''));
  return [...faults, ...strange.map(({ sequence }) => `Nobody sent what is at version ${sequence}.`)];
}

/**
 * The versions are the order of the commands; it must agree with time: whoever was answered before another began has no higher
 * version than that one hears of. And a command that named a version was taken at that version, or behind announcements alone, or
 * found another one.
 */
function orderFaults(events: readonly CaseEvent[], sendings: readonly Sending[]): readonly string[] {
  const faults: string[] = [];
  for (const { request, from, heard } of sendings) {
    if (!('version' in heard)) continue;
    const isFirst = heard.outcome !== 'done' || !heard.repeated;
    for (const before of sendings) {
      if (before.to >= from || !('version' in before.heard) || !isFirst) continue;
      if (before.heard.version > heard.version) {
        faults.push(`${request.commandId} heard of version ${heard.version}, after ${before.heard.version} was known.`);
      }
    }
    const { expectedVersion } = request;
    if (expectedVersion === undefined) {
      if (heard.outcome === 'stale') faults.push(`${request.commandId} is stale, and named no version.`);
    } else if (hasSeenAll(events, expectedVersion, takenAt(heard)) === (heard.outcome === 'stale')) {
      faults.push(`${request.commandId} named version ${expectedVersion} and heard ${JSON.stringify(heard)}.`);
    }
  }
  return faults;
}

type Versioned = Extract<CommandOutcome, { readonly version: number }>;

const takenAt = (heard: Versioned): number =>
  heard.outcome === 'done' ? heard.version - Number(heard.answer['steps']) : heard.version;

const hasSeenAll = (events: readonly CaseEvent[], seen: number, now: number): boolean =>
  seen <= now && events.slice(seen, now).every(({ type }) => type === 'DeadlineApproached');

/** A consumer that drops what it has, and cannot go on at a gap, has the whole stream and all that follows from it. */
function publicationFaults(caseId: string, events: readonly CaseEvent[], log: LogContent): readonly string[] {
  const faults: string[] = [];
  const published = log.map(({ topic, bytes }) => ({ topic, event: decoded(bytes) }));
  const consumed: CaseEvent[] = [];
  for (const { topic, event } of published) {
    if (topic !== casesTopic.topic || (event as CaseEvent).data.caseId !== caseId) continue;
    if (event.sequence > consumed.length + 1) faults.push(`${event.sequence} came behind ${consumed.length} of ${caseId}.`);
    else if (event.sequence === consumed.length + 1) consumed.push(event as CaseEvent);
    else if (consumed[event.sequence - 1]!.id !== event.id) faults.push(`Two events are ${event.sequence} of ${caseId}.`);
  }
  const ids = (some: readonly RingsideEvent[]): string => some.map(({ id }) => id).join();
  if (ids(consumed) !== ids(events)) faults.push(`${consumed.length} of ${events.length} events of ${caseId} are on the log.`);
  const fold = (some: readonly CaseEvent[]): string =>
    JSON.stringify(some.map(stepOf).reduce(notebooks.decider.evolve, notebooks.decider.initialState));
  if (fold(consumed) !== fold(events)) faults.push(`A consumer has another ${caseId} than its stream.`);
  const progress = new Map<number, string>();
  for (const { topic, event } of published) {
    if (topic !== reportsTopic.topic || event.type !== 'CaseProgressed' || event.data.caseId !== caseId) continue;
    const known = progress.get(event.sequence);
    if (known !== undefined && known !== event.id) faults.push(`Two events tell how ${caseId} stood at ${event.sequence}.`);
    progress.set(event.sequence, event.id);
  }
  for (const { sequence } of events)
    if (!progress.has(sequence)) faults.push(`Nothing followed from ${sequence} of ${caseId}.`);
  return faults;
}

function decoded(bytes: Uint8Array): RingsideEvent {
  const result = decodeEvent(bytes);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}
