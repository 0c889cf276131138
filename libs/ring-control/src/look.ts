import { CodedError, UnavailableError } from '@ringside/core';
import { diff, type Difference, type Place, type RingPolicy, type Setting } from '@ringside/data-ring';

import type { RegionAdmin, Unenforced } from './region-admin.js';
import type { RegionFindings } from './ring-control.js';

/** What was found of one part of a region. */
interface PartFindings {
  readonly admin: RegionAdmin;
  readonly problem: Problem | undefined;
  readonly differences: readonly Difference[];
  readonly unenforced: readonly Unenforced[];
}

export interface Problem {
  readonly state: 'unreachable' | 'failed';
  readonly message: string;
}

export interface Look {
  readonly regions: readonly RegionFindings[];
  readonly differences: readonly Difference[];
  /** Regions of whose event log nothing is known: nothing is newly sent there. */
  readonly away: ReadonlySet<string>;
}

/** Reads what is set in the regions that are meant, all of them at a time, and compares it with the policy. */
export async function look(
  policy: RingPolicy,
  admins: readonly RegionAdmin[],
  about: readonly string[] = Object.keys(policy.regions),
): Promise<Look> {
  const parts = await Promise.all(admins.map(lookAt));
  const regions = about.map((region) =>
    findingsOf(
      region,
      parts.filter(({ admin }) => admin.region === region),
    ),
  );
  const known = parts.filter(({ admin, problem }) => admin.part === 'event-log' && problem === undefined);
  return {
    regions,
    differences: regions.flatMap(({ differences }) => differences),
    away: new Set(Object.keys(policy.regions).filter((region) => !known.some(({ admin }) => admin.region === region))),
  };
}

async function lookAt(admin: RegionAdmin): Promise<PartFindings> {
  try {
    const { settings, unenforced } = await admin.readLive();
    const isTaken = ({ place }: Setting): boolean => !unenforced.some((one) => !one.isTaken && concerns(one, place));
    const differences = diff(admin.region, admin.wanted.filter(isTaken), settings.filter(isTaken));
    return { admin, problem: undefined, differences, unenforced };
  } catch (error) {
    return { admin, problem: problemOf(error), differences: [], unenforced: [] };
  }
}

const concerns = ({ kind, policy }: Unenforced, place: Place): boolean =>
  kind === place.kind && (policy === undefined || (place.kind === 'policy' && place.policy === policy));

function findingsOf(region: string, parts: readonly PartFindings[]): RegionFindings {
  const problems = parts.flatMap(({ problem }) => problem ?? []);
  if (parts.length === 0)
    problems.push({ state: 'unreachable', message: `Nobody has said where the servers of ${region} are.` });
  const differences = parts.flatMap((part) => part.differences);
  const inOrder = differences.length === 0 ? 'in_order' : 'differs';
  return {
    region,
    state: problems.find(({ state }) => state === 'failed')?.state ?? problems[0]?.state ?? inOrder,
    problem: problems.length === 0 ? undefined : problems.map(({ message }) => message).join(' '),
    differences,
    unenforced: parts.flatMap((part) => part.unenforced),
  };
}

/** What a region's servers answered. What is a fault of this program itself is thrown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof UnavailableError) return { state: 'unreachable', message: error.message };
  if (!(error instanceof Error)) throw error;
  const isOurs = [TypeError, RangeError, ReferenceError].some((kind) => error instanceof kind);
  if (isOurs && !(error instanceof CodedError)) throw error;
  return { state: 'failed', message: error.message };
}
