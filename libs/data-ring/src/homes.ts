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
  return weighed.reduce((a, b) => (b.weight > a.weight || (b.weight === a.weight && b.region < a.region) ? b : a)).region;
}

const weightOf = (region: string, playerId: string): string =>
  createHash('sha256').update(`${region}\0${playerId}`).digest('hex');
