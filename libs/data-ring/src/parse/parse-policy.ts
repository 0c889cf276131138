import { createHash } from 'node:crypto';

import { err, ok, type Result } from '@ringside/core';

import type { RingPolicy } from '../policy.js';
import { contradictions } from '../rules/contradictions.js';
import { draftOf } from './draft.js';
import { policyFrom } from './policy-from.js';
import { policyFaultsMax, type PolicyFault } from './policy-fault.js';
import { policyShape } from './policy-shape.js';
import { readYaml } from './read-yaml.js';
import { shapeFaults } from './shape-faults.js';

/** A policy of fifty regions has a tenth of it. */
export const policyBytesMax = 256 * 1024;

/**
 * The policy that a text says, or everything that is wrong with it, in the order of the text: that it is no YAML, that it has not
 * the shape of a policy, that it contradicts itself. Never throws. At most {@link policyFaultsMax} faults.
 * `fileName` is for the messages.
 */
export function parsePolicy(text: string, fileName = 'ring.yaml'): Result<RingPolicy, readonly PolicyFault[]> {
  const bytes = Buffer.byteLength(text);
  if (bytes > policyBytesMax) {
    const message = `The file has ${bytes} bytes, and a policy has at most ${policyBytesMax}.`;
    return err([{ rule: 'file_too_long', path: '', line: 1, column: 1, file: fileName, message }]);
  }
  const { value, faults, place } = readYaml(text, fileName);
  if (value === undefined) return err(inOrder(faults));
  const shaped = policyShape.safeParse(value);
  const issues = shaped.error?.issues ?? [];
  const draft = shaped.success ? draftOf(value, shaped.data) : draftOf(value, undefined, issues);
  const ofShape = shapeFaults(issues, value).map(place);
  // What could not be read at all is not told once more for not having the right shape.
  const further = ofShape.filter(({ path }) => !faults.some((fault) => isWithin(fault.path, path)));
  const all = inOrder([...faults, ...further, ...contradictions(draft).map(place)]);
  if (all.length > 0 || !shaped.success) return err(all);
  return ok(policyFrom(shaped.data, createHash('sha256').update(text).digest('hex')));
}

const isWithin = (inner: string, outer: string): boolean =>
  inner === outer || inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`);

function inOrder(faults: readonly PolicyFault[]): readonly PolicyFault[] {
  return [...faults].sort((a, b) => a.line - b.line || a.column - b.column).slice(0, policyFaultsMax);
}
