import type { DecisionState } from '@ringside/events';

import { isSuperseded, termOf, type Terms } from './terms.js';

/** `superseded`: made in a history of the case that another region's took the place of. It has no effect, and is not taken back. */
export type ShownState = DecisionState | 'superseded';

/** What a step said of a decision, or of an appeal. */
interface SayingStep {
  readonly caseVersion: number;
  readonly state: string;
}

/** Of a decision, with the reports that it named and that no earlier step of its term did. Sorted. */
type NamingStep = SayingStep & { readonly reportIds: readonly string[] };

/** What is so now: by the last step that said something and has effect; where none has, by the last one. Steps are in their order. */
export function lastSaid<Step extends SayingStep>(
  steps: readonly Step[],
  terms: Terms | undefined,
): (Omit<Step, 'state'> & { readonly state: Step['state'] | 'superseded' }) | undefined {
  const last = steps.findLast(({ caseVersion }) => !isSuperseded(caseVersion, terms));
  if (last !== undefined) return last;
  const lost = steps.at(-1);
  return lost && { ...lost, state: 'superseded' };
}

/** The reports that the decision covers, if it has effect: those that its steps in effect name. One without any keeps all of them. */
export function reportsNamed(steps: readonly NamingStep[], terms: Terms | undefined): ReadonlySet<string> {
  const inEffect = steps.filter(({ caseVersion }) => !isSuperseded(caseVersion, terms));
  return new Set((inEffect.length > 0 ? inEffect : steps).flatMap(({ reportIds }) => reportIds));
}

/** With one more step, in the order of their versions; a report is kept with the first step of each term that names it. */
export function withStep<Step extends NamingStep>(steps: readonly Step[], step: Step): readonly Step[] {
  const { caseVersion } = step;
  const isOfTerm = (one: Step): boolean => termOf(one.caseVersion) === termOf(caseVersion);
  const before = new Set(steps.flatMap((one) => (isOfTerm(one) && one.caseVersion <= caseVersion ? one.reportIds : [])));
  const added = new Set(step.reportIds.filter((reportId) => !before.has(reportId)));
  const known = steps.find((one) => one.caseVersion === caseVersion);
  if (known !== undefined && added.size === 0) return steps;
  const others = steps.map((one) =>
    one !== known && isOfTerm(one) && one.caseVersion > caseVersion && one.reportIds.some((id) => added.has(id))
      ? { ...one, reportIds: one.reportIds.filter((id) => !added.has(id)) }
      : one,
  );
  const whole = { ...(known ?? step), reportIds: [...(known?.reportIds ?? []), ...added].sort() };
  return [...others.filter((one) => one.caseVersion !== caseVersion), whole].sort((a, b) => a.caseVersion - b.caseVersion);
}
