import { appealsTopic } from '@ringside/events';

import type { AcceptedAppeal } from '../load/appeals.js';
import type { Simulation } from '../run/simulation.js';
import type { Region } from '../services/region.js';
import type { Lying } from './logs.js';

/**
 * Every appeal that was accepted is on the log of the region that took it, and the case whose decision it is about has taken it up or
 * refused it, once. Against one decision there is one appeal, whatever was answered how often.
 */
export function appealsAreKept(
  { regions }: Pick<Simulation, 'regions'>,
  accepted: readonly AcceptedAppeal[],
  events: ReadonlyMap<Region, ReadonlyMap<string, readonly Lying[]>>,
): string[] {
  const faults: string[] = [];
  const byDecision = new Map<string, string>();
  for (const { appealId, decisionId, caseId, service, region: name } of accepted) {
    const before = byDecision.get(decisionId) ?? appealId;
    if (before !== appealId) faults.push(`An appeal against ${decisionId} was answered ${before}, and then ${appealId}.`);
    byDecision.set(decisionId, appealId);
    const region = regions.find((one) => one.name === name)!;
    const filed = [...events.get(region)!].flatMap(([topic, lying]) => (topic === appealsTopic.topic ? lying : []));
    if (!filed.some(({ event }) => event.type === 'AppealFiled' && event.data.appealId === appealId))
      faults.push(`Appeal ${appealId} was accepted, and the log of ${name} does not have it.`);
    const steps = region.storeOf(service).streams.get(`case-${caseId}`)?.events ?? [];
    const taken = steps.filter(({ type, text }) => isAnswer(type) && appealIdIn(text) === appealId);
    if (taken.length !== 1)
      faults.push(`${service} in ${name} has taken up or refused appeal ${appealId} ${taken.length} times.`);
  }
  return faults;
}

const isAnswer = (type: string): boolean => type === 'AppealOpened' || type === 'AppealRefused';

const appealIdIn = (text: string): unknown =>
  (JSON.parse(text) as { readonly data: { readonly appealId?: unknown } }).data.appealId;
