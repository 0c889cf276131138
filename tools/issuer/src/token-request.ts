import type { Person } from './sign-token.js';

export const rolesKnown = ['case_worker', 'lead', 'approver', 'read_only', 'platform', 'game'];

const isListOfNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== '');

/** Whom `POST /token` asks a token for; or a sentence that says what is wrong. Without teams it is for all of them. */
export function readPerson(text: string, allTeams: readonly string[]): Person | string {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return 'The body is not a JSON document: send {"sub": "...", "teams": [...], "roles": [...]}.';
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return 'The body must be a JSON object.';
  const { sub, teams = allTeams, roles = [] } = body as Record<string, unknown>;
  if (typeof sub !== 'string' || sub === '') return '"sub" must be the name of somebody.';
  if (!isListOfNames(teams)) return `"teams" must be a list of names, such as ${JSON.stringify(allTeams)}.`;
  if (!isListOfNames(roles) || !roles.every((role) => rolesKnown.includes(role))) {
    return `"roles" must be a list of some of ${rolesKnown.join(', ')}.`;
  }
  return { sub, teams, roles };
}
