import type { Json } from '@ringside/core';
import { compilePulsar, textOfPlace, type Difference, type HeldBack, type RingPolicy } from '@ringside/data-ring';

/** Some regions of a ring, while the others are treated as if the policy did not have them. */
export interface PartOfRing {
  /** As the file has it, with all of its regions. */
  readonly whole: RingPolicy;
  readonly only: readonly string[];
}

/** As the record has it, and what people are told. */
export const textOfPart = ({ only }: PartOfRing): string => `Only ${only.join(', ')}.`;

/**
 * Takes out of the differences what is one only because other regions are left out: the policy as the file has it wants it to stay, and a
 * ring that is whole would lose it by that. What is left is mended; what was taken out is answered with, to be accepted first.
 */
export function keepWhole(
  differences: readonly Difference[],
  { whole, only }: PartOfRing,
): { readonly differences: readonly Difference[]; readonly held: readonly HeldBack[] } {
  const wantedByWhole = new Map(only.map((region) => [region, wantedIn(whole, region)]));
  const held: HeldBack[] = [];
  const left = differences.flatMap((difference): readonly Difference[] => {
    const { region, place, at, live, wanted } = difference;
    const byWhole = wantedByWhole.get(region)?.get(textOfPlace(place));
    if (byWhole === undefined || live === undefined) return [difference];
    const kept = keptOf({ live, wanted, byWhole });
    if (kept === undefined) return [difference];
    const message = `${at} would be narrowed only because ${only.join(', ')} alone are looked at: the whole policy wants it so.`;
    held.push({ difference, reason: 'left_out', message });
    return kept.length === 0 ? [] : [{ ...difference, wanted: kept }];
  });
  return { differences: left, held };
}

interface Values {
  readonly live: Json;
  readonly wanted: Json | undefined;
  readonly byWhole: Json;
}

/**
 * What to make of it meanwhile: for a list without order what is wanted, and what is there with good reason; empty where it stays as it
 * is. Undefined where leaving regions out takes nothing away.
 */
function keptOf({ live, wanted, byWhole }: Values): readonly string[] | undefined {
  if (!Array.isArray(live) || !Array.isArray(byWhole)) return wanted === undefined ? [] : undefined;
  const now = live as readonly string[];
  const should = (wanted ?? []) as readonly string[];
  const kept = now.filter((one) => !should.includes(one) && (byWhole as readonly string[]).includes(one));
  if (kept.length === 0) return undefined;
  const meanwhile = [...should, ...kept];
  const isAsItIs = meanwhile.length === now.length && meanwhile.every((one) => now.includes(one));
  return isAsItIs ? [] : meanwhile;
}

const wantedIn = (policy: RingPolicy, region: string): ReadonlyMap<string, Json> =>
  new Map(compilePulsar(policy, region, {}).map(({ place, value }) => [textOfPlace(place), value]));
