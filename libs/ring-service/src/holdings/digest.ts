import { createHash } from 'node:crypto';

/**
 * Digests of sets of events: the sum modulo 2^128 of a hash for each of them. It does not depend on the order in which they came, it
 * is kept up by adding, and two parts that were counted apart are added up.
 * Source: Bellare and Micciancio, "A New Paradigm for Collision-Free Hashing: Incrementality at Reduced Cost", 1997 (AdHash). It
 * tells sets apart that differ by loss; the regions of a ring do not forge events to have the same sum.
 */
export interface Tally {
  readonly events: number;
  /** 32 hexadecimal digits. */
  readonly digest: string;
}

const digestBytes = 16;
const modulus = 1n << BigInt(digestBytes * 8);

/** Figures of a view are numbers: the sum is kept in parts of 16 bits, which have room for 2^37 events without a carry. */
const partNames = Array.from({ length: digestBytes / 2 }, (_, i) => `part${i}`);

/** The hash of one event as it lies in a log: 32 hexadecimal digits over its id and its bytes. */
export const hashOf = (id: string, bytes: Uint8Array): string =>
  createHash('sha256').update(`${id}\0`).update(bytes).digest().subarray(0, digestBytes).toString('hex');

/** What one event adds to the figures of a tally. */
export function addedBy(hash: string): Readonly<Record<string, number>> {
  const amounts: Record<string, number> = { events: 1 };
  for (const [i, name] of partNames.entries()) amounts[name] = Number.parseInt(hash.slice(i * 4, i * 4 + 4), 16);
  return amounts;
}

/** The tally that figures amount to. */
export function tallyOf(amounts: Readonly<Record<string, number>>): Tally {
  const sum = partNames.reduce((before, name) => (before << 16n) + BigInt(amounts[name] ?? 0), 0n);
  return { events: amounts['events'] ?? 0, digest: hexOf(sum) };
}

export const noEvents: Tally = { events: 0, digest: hexOf(0n) };

function hexOf(sum: bigint): string {
  return (sum % modulus).toString(16).padStart(digestBytes * 2, '0');
}

export const isSame = (a: Tally, b: Tally): boolean => a.events === b.events && a.digest === b.digest;
