import { fillsNamespace, namespaceAt, type Step } from '@ringside/data-ring';

import { problemOf } from './look.js';
import type { RegionAdmin } from './region-admin.js';
import type { ApplyOptions } from './ring-control.js';

interface Taken {
  readonly taken: readonly Step[];
  /** Why an administration was left alone from then on. */
  readonly failures: ReadonlyMap<RegionAdmin, string>;
  readonly wasInterrupted: boolean;
}

/** Takes one step after the other, until somebody asks to stop. What fails is left alone, and so is what would rest on it. */
export async function takeAll(
  admins: readonly RegionAdmin[],
  steps: readonly Step[],
  { onStep, signal }: Pick<ApplyOptions, 'onStep' | 'signal'>,
): Promise<Taken> {
  const taken: Step[] = [];
  const failures = new Map<RegionAdmin, string>();
  const notWidened = new Set<string | undefined>();
  for (const [index, step] of steps.entries()) {
    if (signal?.aborted === true) return { taken, failures, wasInterrupted: true };
    const admin = adminOf(admins, step);
    const at = namespaceAt(step.region, step.place);
    if (admin === undefined || failures.has(admin) || (fillsNamespace(step) && notWidened.has(at))) continue;
    // What could not be set there may still be too wide, or not be there at all.
    const reached = widenedTo(step);
    if ([...failures.keys()].some(({ part, region }) => part === 'event-log' && reached.includes(region))) {
      notWidened.add(at);
      continue;
    }
    onStep?.(step, index + 1, steps.length);
    try {
      await admin.take(step);
      taken.push(step);
    } catch (error) {
      failures.set(admin, problemOf(error).message);
    }
  }
  return { taken, failures, wasInterrupted: false };
}

const ofViewStore: readonly Step['place']['kind'][] = ['keyspace', 'role', 'role-member', 'grant'];

function adminOf(admins: readonly RegionAdmin[], { region, place }: Step): RegionAdmin | undefined {
  const part = ofViewStore.includes(place.kind) ? 'view-store' : 'event-log';
  return admins.find((admin) => admin.region === region && admin.part === part);
}

/** Regions that records begin to go to. */
function widenedTo({ phase, from, to }: Step): readonly string[] {
  if (phase !== 'widen' || !Array.isArray(to)) return [];
  const before = (from ?? []) as readonly string[];
  return (to as readonly string[]).filter((region) => !before.includes(region));
}
