import { caseFiles, caseIdOf, caseTables, isSuperseded, type CaseFile, type CaseRules } from '@ringside/casework';
import { casesTopic, reportsTopic, type CaseEvent } from '@ringside/events';
import { play, type PlayedView } from '@ringside/testing';

import type { CommandOutcome } from '../aggregate.js';
import type { LogContent } from './simulated-log.fixture.js';
import { decoded, stepsTaken, type RegionEvidence, type RegionSending } from './regions.fixture.js';

const rules: CaseRules = { team: 'cheating', captures: () => true, weigh: () => ({ severity: 1, decideWithinHours: 24 }) };
const fileRow = `${caseTables.cases}/${caseIdOf('cheating', 'stormfall', 'subject-1')}/case`;

/**
 * What is wrong with a run in which two regions worked one case and have come to rest, as sentences: whether there is one history,
 * the same in both, with everything that was answered in it, and everything else known as superseded.
 */
export function faultsOfRegions({ logs, sendings }: RegionEvidence): readonly string[] {
  const steps = uniqueSteps(logs.eu);
  const faults: string[] = [];
  const ids = (some: readonly CaseEvent[]): string =>
    some
      .map(({ id }) => id)
      .sort()
      .join();
  if (ids(steps) !== ids(uniqueSteps(logs.us))) faults.push('The regions do not have the same steps.');
  for (const [name, log] of Object.entries(logs)) {
    if (stepsTaken(log).length !== steps.length) faults.push(`${steps.length - stepsTaken(log).length} steps wait in ${name}.`);
  }
  const byVersion = new Map(steps.map((event) => [event.data.caseVersion, event]));
  if (byVersion.size !== steps.length) faults.push('Two steps have one version.');
  const history = historyBehind(byVersion, Math.max(0, ...byVersion.keys()));
  if (history === undefined) return [...faults, 'The history has a gap.'];
  return [...faults, ...viewFaults(logs, steps, history), ...answerFaults(sendings, byVersion, history)];
}

/**
 * What is wrong in the region that is left where the other one was lost for good: whether it goes on with the case, and whether
 * everybody has heard what each step of its history came to.
 */
export function faultsOfTheRegionLeft({ logs: { us: log }, sendings }: RegionEvidence): readonly string[] {
  const taken = stepsTaken(log);
  const byVersion = new Map(taken.map((event) => [event.data.caseVersion, event]));
  const history = historyBehind(byVersion, Math.max(0, ...byVersion.keys())) ?? [];
  const heard = new Set(log.filter(({ topic }) => topic === reportsTopic.topic).map((record) => decoded(record).sequence));
  const unheard = history.filter(({ data }) => !heard.has(data.caseVersion));
  const last = sendings.find(({ request }) => request.commandId === 'last')?.heard;
  const isTaken = last?.outcome === 'done' && history.some(({ data }) => data.caseVersion === last.version);
  return [
    ...unheard.map(({ data }) => `Nobody has heard what step ${data.caseVersion} came to.`),
    ...(isTaken ? [] : [`The region that is left could not go on: ${JSON.stringify(last)}`]),
  ];
}

const uniqueSteps = (log: LogContent): readonly CaseEvent[] => {
  const events = log.filter(({ topic }) => topic === casesTopic.topic).map((record) => decoded(record) as CaseEvent);
  return [...new Map(events.map((event) => [event.id, event])).values()];
};

/** From the first step to this one. Undefined where one is missing. */
function historyBehind(byVersion: ReadonlyMap<number, CaseEvent>, last: number): readonly CaseEvent[] | undefined {
  const history: CaseEvent[] = [];
  for (let version = last; version > 0;) {
    const event = byVersion.get(version);
    if (event === undefined) return undefined;
    history.push(event);
    version = event.type === 'CaseAdopted' ? event.data.basedOn : version - 1;
  }
  return history.reverse();
}

/** The views of both regions, each made in the order in which its log has the events. */
function viewFaults(
  logs: RegionEvidence['logs'],
  steps: readonly CaseEvent[],
  history: readonly CaseEvent[],
): readonly string[] {
  const [eu, us] = [viewOf(logs.eu), viewOf(logs.us)];
  if (JSON.stringify([...eu]) !== JSON.stringify([...us])) return ['The regions have different views.'];
  if (steps.length === 0) return [];
  const { streamVersion, terms, escalated } = eu.get(fileRow) as unknown as CaseFile;
  const faults: string[] = [];
  const inHistory = new Set(history.map(({ data }) => data.caseVersion));
  if (streamVersion !== history.at(-1)!.data.caseVersion) faults.push(`The views have come to ${streamVersion}.`);
  if (escalated !== history.some(({ type }) => type === 'CaseEscalated'))
    faults.push('The views say otherwise who looks at it.');
  for (const { data } of steps) {
    if (isSuperseded(data.caseVersion, terms) !== inHistory.has(data.caseVersion)) continue;
    faults.push(`Step ${data.caseVersion} is shown as if it were ${inHistory.has(data.caseVersion) ? '' : 'not '}superseded.`);
  }
  return faults;
}

function viewOf(log: LogContent): PlayedView {
  const events = log.filter(({ topic }) => topic === reportsTopic.topic).map(decoded);
  return play([caseFiles(rules)], [...new Map(events.map((event) => [event.id, event])).values()]);
}

type Done = Extract<CommandOutcome, { readonly outcome: 'done' }>;

function answerFaults(
  sendings: readonly RegionSending[],
  byVersion: ReadonlyMap<number, CaseEvent>,
  history: readonly CaseEvent[],
): readonly string[] {
  const faults: string[] = [];
  const inHistory = new Set(history.map(({ data }) => data.caseVersion));
  const cuts = new Set(history.flatMap((event) => (event.type === 'CaseAdopted' ? [event.data.basedOn] : [])));
  for (const { request, heard } of sendings) {
    const { commandId } = request;
    const own = ({ causationId, type }: CaseEvent): boolean => causationId === commandId && type !== 'CaseAdopted';
    const whole = request.command.kind === 'note' ? request.command.texts.length : 1;
    if (history.filter(own).length > whole) faults.push(`${commandId} is in the history more than once.`);
    if (heard.outcome !== 'done' || heard.answer['steps'] === 0) continue;
    const versions = versionsOf(heard);
    if (versions.some((version) => byVersion.get(version)?.causationId !== commandId)) {
      faults.push(`${commandId} was accepted as ${versions.join()}, and that is not on the logs.`);
    }
    // Of a command's steps a new term may have known the first ones alone; what is behind them is lost.
    const kept = versions.filter((version) => inHistory.has(version));
    if (kept.length > 0 && kept.length < versions.length && !cuts.has(kept.at(-1)!)) {
      faults.push(`Of ${commandId}, ${kept.join()} of ${versions.join()} are in the history.`);
    }
    faults.push(...sightFaults(request, heard, byVersion));
  }
  const last = sendings.find(({ request }) => request.commandId === 'last')?.heard;
  const isTaken = last?.outcome === 'done' && !last.repeated && inHistory.has(last.version);
  return isTaken ? faults : [...faults, `The region that works the case at the end could not: ${JSON.stringify(last)}`];
}

const versionsOf = ({ version, answer }: Done): readonly number[] =>
  Array.from({ length: Number(answer['steps']) }, (_, i) => version - Number(answer['steps']) + i + 1);

/** Whoever named a version had seen all that the command was decided on: announcements alone come between, and the new term. */
function sightFaults(
  { commandId, expectedVersion }: RegionSending['request'],
  heard: Done,
  byVersion: ReadonlyMap<number, CaseEvent>,
): readonly string[] {
  if (expectedVersion === undefined || heard.repeated) return [];
  const before = historyBehind(byVersion, versionsOf(heard)[0]! - 1);
  const unseen = before?.slice(before.findIndex(({ data }) => data.caseVersion === expectedVersion) + 1) ?? [];
  const isSeen = expectedVersion === 0 || before?.some(({ data }) => data.caseVersion === expectedVersion);
  const isQuiet = unseen.every(({ type, causationId }) => type === 'DeadlineApproached' || causationId === commandId);
  return isSeen && isQuiet ? [] : [`${commandId} was decided on what the sender of version ${expectedVersion} had not seen.`];
}
