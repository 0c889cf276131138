import type { Identity } from './identity.js';

/** Who a token names, and until when it may be believed, in ms since the epoch. */
export interface Verified {
  readonly identity: Identity;
  readonly expiresAt: number;
}

/**
 * A token that was verified is believed for so long without looking at its signature again, in ms: a signature costs as much
 * processor time as the rest of a read. A key that its owner withdraws is trusted that much longer.
 */
export const believedMsMax = 30_000;
/** So many callers are known at once; beyond, whoever was verified first is verified again. */
const callersMax = 1_000;

/** Verifies by `verify`, and remembers what it answered. Refusals are never remembered. `now`: in ms since the epoch. */
export function knownCallers(
  verify: (token: string) => Promise<Verified>,
  now: () => number = Date.now,
): (token: string) => Identity | Promise<Identity> {
  const known = new Map<string, Verified>();
  return (token) => {
    const before = known.get(token);
    if (before !== undefined && now() < before.expiresAt) return before.identity;
    known.delete(token);
    return verify(token).then(({ identity, expiresAt }) => {
      if (known.size >= callersMax) known.delete(known.keys().next().value!);
      known.set(token, { identity, expiresAt: Math.min(expiresAt, now() + believedMsMax) });
      return identity;
    });
  };
}
