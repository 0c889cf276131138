import { readFile } from 'node:fs/promises';
import { StartupError } from '@ringside/core';
import { parsePolicy, placementOf, policyFaultText, standalone, type Placement, type RingPolicy } from '@ringside/data-ring';
import type { ServiceConfig } from './config.js';

/**
 * The ring's policy, from its file. Throws {@link StartupError} where it cannot be read, and for a policy with faults: each of them on
 * a line of its own, with its place in the file.
 */
export async function readPolicy(path: string): Promise<RingPolicy> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartupError(`RINGSIDE_RING names the file ${path}, which cannot be read (${code}).`, { cause: error });
  }
  const policy = parsePolicy(text, path);
  if (policy.ok) return policy.value;
  const faults = policy.error.map((fault) => `  ${policyFaultText(fault)}`);
  throw new StartupError([`RINGSIDE_RING names the file ${path}, which is not a valid policy:`, ...faults].join('\n'));
}

export interface ConfiguredRing {
  /** The ring as the configured region sees it: one region by itself where no policy is named. */
  readonly placement: Placement;
  readonly policy: RingPolicy | undefined;
}

/** Throws {@link StartupError} for a policy that cannot be read or is not valid, and for a region that it does not have. */
export async function readRing({ ring, region }: Pick<ServiceConfig, 'ring' | 'region'>): Promise<ConfiguredRing> {
  if (ring === '') return { placement: standalone(region), policy: undefined };
  const policy = await readPolicy(ring);
  const regions = Object.keys(policy.regions);
  if (regions.includes(region)) return { placement: placementOf(policy, region), policy };
  throw new StartupError(
    `RINGSIDE_REGION is "${region}", which is no region of the ring in ${ring}: set it to one of ${regions.join(', ')}.`,
  );
}

/** As {@link readRing}, for whoever needs no more of it. */
export const readPlacement = async (config: Pick<ServiceConfig, 'ring' | 'region'>): Promise<Placement> =>
  (await readRing(config)).placement;
