import { createHash } from 'node:crypto';

import type { HomesPolicy } from './policy.js';

/**
 * The region that works the cases of a player: the same wherever it is asked, for it depends on the policy and the id alone.
 * Without a rule for the id it is the region with the highest hash of region and id, so that a further region takes a share of
 * everybody's players and leaves the others where they are.
 * Source: Thaler and Ravishankar, "A Name-Based Mapping Scheme for Rendezvous", 1996.
 */
export function homeOf(playerId: string, { rules, otherwise }: HomesPolicy, regions: readonly string[]): string {
  const rule = rules.find(({ idPrefix }) => playerId.startsWith(idPrefix));
  if (rule !== undefined) return rule.region;
  if (typeof otherwise === 'object' && 'region' in otherwise) return otherwise.region;
  const among = otherwise === 'hash' ? regions : otherwise.hashOver;
  const weighed = among.map((region) => ({ region, weight: weightOf(region, playerId) }));
  return weighed.reduce((a, b) => {
    const order = Buffer.compare(b.weight, a.weight);
    return order > 0 || (order === 0 && b.region < a.region) ? b : a;
  }).region;
}

const weightOf = (region: string, playerId: string): Buffer => createHash('sha256').update(`${region}\0${playerId}`).digest();

/** Homes computed lately: each event asks several times, and events about one player come in clusters. */
const recentHomesMax = 10_000;

/** {@link homeOf} one policy, which is asked for the same players again and again. */
export function homesOf(policy: HomesPolicy, regions: readonly string[]): (playerId: string) => string {
  const recent = new Map<string, string>();
  return (playerId) => {
    const known = recent.get(playerId);
    if (known !== undefined) return known;
    if (recent.size === recentHomesMax) recent.clear();
    const home = homeOf(playerId, policy, regions);
    recent.set(playerId, home);
    return home;
  };
}
