import { readFile } from 'node:fs/promises';
import { StartupError } from '@ringside/core';
import { parsePolicy, policyFaultText, type RingPolicy } from '@ringside/data-ring';

/** Throws `StartupError` that says all that is wrong with the file, a fault a line. */
export async function readPolicy(file: string): Promise<RingPolicy> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new StartupError(`The policy of the ring cannot be read: ${error.message}.`, { cause: error });
  });
  const policy = parsePolicy(text, file);
  if (policy.ok) return policy.value;
  throw new StartupError(policy.error.map((fault) => policyFaultText(fault)).join('\n'));
}
