import type { Attack } from '../attack.js';
import { judge, type Expected } from '../judge.js';
import { request, talk } from '../wire.js';

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);

const nowhere: Expected = { statuses: [400, 404, 405, 414] };

const addresses: readonly (readonly [name: string, address: string, expected?: Expected])[] = [
  ['up, encoded', '/v1/%2e%2e/%2e%2e/etc/passwd'],
  ['up, plain', '/v1/../../../../etc/passwd'],
  ['up, encoded twice', '/docs/%252e%252e%252fpackage.json'],
  ['up out of the documentation', '/docs/..%2f..%2fpackage.json'],
  ['up, with a backslash', '/docs/..\\..\\package.json'],
  ['a zero byte', '/v1/reports/%00'],
  ['a zero byte behind a name', '/docs/swagger-ui.css%00.html'],
  ['two slashes', '//v1//report-reasons'],
  ['two slashes as a host', '//evil.example/v1/report-reasons'],
  ['a slash at the end', '/v1/report-reasons/'],
  ['a semicolon', '/v1/report-reasons;jsessionid=1'],
  ['an encoded slash', '/v1%2freport-reasons'],
  ['an overlong slash', '/v1%c0%afreport-reasons'],
  ['overlong dots', '/v1/reports/%c0%ae%c0%ae'],
  ['broken percent signs', '/v1/reports/%'],
  ['percent signs and no digits', '/v1/reports/%zz'],
  ['broken UTF-8', '/v1/reports/%ff%fe'],
  ['capitals', '/V1/REPORT-REASONS'],
  ['a full address', 'http://evil.example/v1/report-reasons', { statuses: [200, 400, 404] }],
  ['an asterisk', '*'],
  ['a fragment', '/v1/report-reasons#x', { statuses: [200, 400, 404] }],
  ['a control character, encoded', '/v1/reports/%0d%0aX-Injected:%201'],
  ['a name of every object', '/v1/reports/__proto__'],
  ['a constructor', '/v1/reports/constructor'],
  ['10,000 slashes', '/'.repeat(10_000)],
  ['a query of prototypes', '/v1/parked?topic=reports&partition=0&__proto__=1', { statuses: [400] }],
  ['a query of prototypes, in brackets', '/v1/parked?topic=reports&partition=0&__proto__[a]=1', { statuses: [400] }],
  ['a query of constructors', '/v1/parked?topic=reports&partition=0&constructor=1', { statuses: [400] }],
  ['a parameter twice', '/v1/parked?topic=reports&topic=cases&partition=0', { statuses: [400] }],
  ['a parameter nobody knows', '/v1/report-reasons?nobody=1', { statuses: [400] }],
  [
    '2,000 parameters',
    `/v1/report-reasons?${Array.from({ length: 2_000 }, (_, i) => `a${i}=1`).join('&')}`,
    { statuses: [400] },
  ],
];

const ofTeams: readonly (readonly [name: string, address: string])[] = [
  ['a parameter nobody knows, of a decision', '/v1/decisions/AAAAAAAAAAAAAAAAAAAAAA.1?nobody=1'],
  ['a parameter nobody knows, of the policy', '/v1/policy?nobody=1'],
  ['a query of prototypes, of cases', '/v1/cases?__proto__=1'],
  ['a bad version with a bad page', '/v1/cases/AAAAAAAAAAAAAAAAAAAAAA/timeline?minVersion=1&limit=null'],
  ['a cursor of another list', '/v1/cases?cursor=WyJhYmNkZWYiLCIxIl0'],
  ['a negative limit', '/v1/cases?limit=-1'],
];

export const addressAttacks: readonly Attack[] = [
  ...addresses.map(([name, address, expected = nowhere]): Attack => ({
    ...{ group: 'addresses', name, sent: shortened(`GET ${address}`) },
    run: async ({ intake }) => judge(await talk(intake.port, { send: [request(`GET ${address}`)], answers: 1 }), expected),
  })),
  ...ofTeams.map(([name, address]): Attack => ({
    ...{ group: 'addresses', name, sent: shortened(`GET ${address}`) },
    run: async ({ team, token }) => {
      const bytes = request(`GET ${address}`, { headers: [`Authorization: Bearer ${token}`] });
      return judge(await talk(team.port, { send: [bytes], answers: 1 }), { statuses: [400] });
    },
  })),
];
