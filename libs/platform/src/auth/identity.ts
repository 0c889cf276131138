/** Who may do what is told by these words, in the claim `roles`. Words that are not known mean nothing here. */
export const roles = ['case_worker', 'lead', 'approver', 'read_only', 'platform', 'ring_peer', 'game'] as const;
export type Role = (typeof roles)[number];

/** Who sent a request, as its token says. */
export interface Identity {
  readonly sub: string;
  /** Teams by their own names, such as `cheating`: whose cases these are, whichever service keeps them. */
  readonly teams: readonly string[];
  readonly roles: readonly Role[];
  /** Of a platform service that asks another one: the region that it is of. */
  readonly region?: string;
}

const namesMax = 100;
/** Whoever acts under this name is the service itself. */
const reserved = 'system';
/** Ids of people go into events, which take no control characters. */
const subjectPattern = /^[^\p{Cc}\p{Cs}]{1,128}$/u;

const regionPattern = /^[a-z][a-z0-9-]{0,31}$/;

/**
 * Whom a token is for that the platform service of one region shows to that of another: to the one of this region alone, so that it
 * is of no use to whoever has received it.
 */
export const audienceOfPlatform = (region: string): string => `urn:ringside:platform:${region}`;

/** What a verified token says; or what is wrong with it, as the end of a sentence that begins with "Its claim". */
export function readIdentity(claims: Readonly<Record<string, unknown>>): Identity | string {
  const { sub, teams = [], roles: given = [] } = claims;
  if (typeof sub !== 'string' || !subjectPattern.test(sub) || sub === reserved) {
    return '"sub" must be 1 to 128 characters without control characters, and not "system"';
  }
  if (!isListOfNames(teams)) return '"teams" must be a list of names';
  if (!isListOfNames(given)) return '"roles" must be a list of names';
  // A peer is told by whom its token is for, see `readPeer`: among people there is none.
  return { sub, teams, roles: roles.filter((role) => role !== 'ring_peer' && given.includes(role)) };
}

/** The same of a token that is for the platform service of one region. Whatever else it says, it makes nobody more than a peer. */
export function readPeer(claims: Readonly<Record<string, unknown>>): Identity | string {
  const { aud, roles: given, region } = claims;
  const identity = readIdentity(claims);
  if (typeof identity === 'string') return identity;
  if ([aud].flat().length !== 1) return '"aud" must name the platform service of one region alone';
  if (!(given as readonly string[] | undefined)?.includes('ring_peer')) return '"roles" must have "ring_peer"';
  if (typeof region !== 'string' || !regionPattern.test(region)) return '"region" must be the region that asks';
  return { sub: identity.sub, teams: [], roles: ['ring_peer'], region };
}

const isListOfNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length <= namesMax && value.every((name) => typeof name === 'string');
