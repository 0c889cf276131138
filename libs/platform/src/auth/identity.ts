/** Who may do what is told by these words, in the claim `roles`. Words that are not known mean nothing here. */
export const roles = ['case_worker', 'lead', 'approver', 'read_only', 'platform', 'game'] as const;
export type Role = (typeof roles)[number];

/** Who sent a request, as its token says. */
export interface Identity {
  readonly sub: string;
  /** Teams by their own names, such as `cheating`: whose cases these are, whichever service keeps them. */
  readonly teams: readonly string[];
  readonly roles: readonly Role[];
}

const namesMax = 100;
/** Whoever acts under this name is the service itself. */
const reserved = 'system';
/** Ids of people go into events, which take no control characters. */
const subjectPattern = /^[^\p{Cc}\p{Cs}]{1,128}$/u;

/** What a verified token says; or what is wrong with it, as the end of a sentence that begins with "Its claim". */
export function readIdentity(claims: Readonly<Record<string, unknown>>): Identity | string {
  const { sub, teams = [], roles: given = [] } = claims;
  if (typeof sub !== 'string' || !subjectPattern.test(sub) || sub === reserved) {
    return '"sub" must be 1 to 128 characters without control characters, and not "system"';
  }
  if (!isListOfNames(teams)) return '"teams" must be a list of names';
  if (!isListOfNames(given)) return '"roles" must be a list of names';
  return { sub, teams, roles: roles.filter((role) => given.includes(role)) };
}

const isListOfNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length <= namesMax && value.every((name) => typeof name === 'string');
