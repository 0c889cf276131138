import type { Person } from './sign-token.js';

export interface ReadyPerson extends Person {
  readonly what: string;
}

/** People to try things with: one of each role in all teams. */
export const readyPeople = (teams: readonly string[]): readonly ReadyPerson[] => [
  { sub: 'casey', what: 'Case worker', teams, roles: ['case_worker'] },
  { sub: 'lena', what: 'Lead', teams, roles: ['lead'] },
  { sub: 'avery', what: 'Approver', teams, roles: ['approver'] },
  { sub: 'robin', what: 'Read-only', teams, roles: ['read_only'] },
  { sub: 'pat', what: 'Platform team', teams: [], roles: ['platform'] },
];
