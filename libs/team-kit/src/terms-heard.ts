import { termOf } from '@ringside/casework';
import { ringTermsTable, termRow, type ServingTerm } from '@ringside/data-ring';
import type { RingsideEvent } from '@ringside/events';

import type { PlacedSubscriber } from './placed-subscriber.js';
import type { ViewReader } from './subscriber.js';

type Step = Extract<RingsideEvent, { data: { caseVersion: number; subjectId: string } }>;

/** A step of a later term, or how a case stands after one. What a step imposed may be said by whoever goes on with the case. */
function isOfLaterTerm(event: RingsideEvent): event is Step {
  return 'caseVersion' in event.data && 'subjectId' in event.data && termOf(event.data.caseVersion) > 0;
}

/**
 * Answers why a step has to wait: a term is believed of the region that was promoted in it, once that is known here. A region that
 * nobody promoted could take steps in any term otherwise. Undefined where it need not, as without a ring.
 */
export async function termsHeard(
  { placement, projections }: PlacedSubscriber,
  views: Pick<ViewReader, 'getMany'>,
  events: readonly RingsideEvent[],
): Promise<(event: RingsideEvent) => string | undefined> {
  const isAsked = placement.tenant !== undefined && projections.some(({ tables }) => tables.includes(ringTermsTable));
  const steps = isAsked ? events.filter(isOfLaterTerm) : [];
  if (steps.length === 0) return () => undefined;
  const rowOf = ({ data }: Step) => termRow(placement.homeOf(data.subjectId), termOf(data.caseVersion));
  const rows = new Map(steps.map((step) => [nameOf(rowOf(step)), rowOf(step)]));
  const found = await views.getMany([...rows.values()]);
  const servedBy = new Map([...rows.keys()].map((name, i) => [name, (found[i]?.value as ServingTerm | undefined)?.servedBy]));
  return (event) => {
    if (!isOfLaterTerm(event) || servedBy.get(nameOf(rowOf(event))) === event.region) return undefined;
    return `It is of term ${termOf(event.data.caseVersion)}, and that ${event.region} was promoted in it is not known here.`;
  };
}

const nameOf = ({ partition, key }: ReturnType<typeof termRow>): string => `${partition}/${key}`;
