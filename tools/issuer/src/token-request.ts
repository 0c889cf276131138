import type { Person } from './sign-token.js';

export const rolesKnown = ['case_worker', 'lead', 'approver', 'read_only', 'platform', 'ring_peer', 'game'];

const isListOfNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== '');

export interface TokenRequest extends Person {
  /** Whom the token is for; the services, where absent. */
  readonly audience?: string | undefined;
}

const isNameOrAbsent = (value: unknown): value is string | undefined =>
  value === undefined || (typeof value === 'string' && value !== '');

/** Whom `POST /token` asks a token for; or a sentence that says what is wrong. Without teams it is for all of them. */
export function readTokenRequest(text: string, allTeams: readonly string[]): TokenRequest | string {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return 'The body is not a JSON document: send {"sub": "...", "teams": [...], "roles": [...]}.';
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return 'The body must be a JSON object.';
  const { sub, teams = allTeams, roles = [], region, audience } = body as Record<string, unknown>;
  if (typeof sub !== 'string' || sub === '') return '"sub" must be the name of somebody.';
  if (!isListOfNames(teams)) return `"teams" must be a list of names, such as ${JSON.stringify(allTeams)}.`;
  if (!isListOfNames(roles) || !roles.every((role) => rolesKnown.includes(role))) {
    return `"roles" must be a list of some of ${rolesKnown.join(', ')}.`;
  }
  if (!isNameOrAbsent(region)) return '"region" must be the region of a platform service.';
  if (!isNameOrAbsent(audience)) return '"audience" must say whom the token is for.';
  return { sub, teams, roles, region, audience };
}
