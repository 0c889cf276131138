import { expect, it, jest } from '@jest/globals';
import { createSigningKey, keySetUrl, signToken } from '@ringside/issuer';
import { startService, type RunningService, type ServiceConfig } from './index.js';
import { notesService, post, send, startNotes, stubs, type Answer } from './service.fixture.js';

/** The statuses of so many requests, one after the other. */
async function statusesOf(count: number, ask: () => Promise<Answer>): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < count; n += 1) statuses.push((await ask()).status);
  return statuses;
}

it.each([
  ['an unknown route', 404, (service) => send(service, '/nowhere')],
  ['a method that a route does not take', 405, (service) => send(service, '/v1/notes', { method: 'DELETE' })],
  ['a format that a route does not take', 415, (service) => post(service, '/v1/notes:batch', '{}')],
  ['a header that is refused', 415, (service) => send(service, '/v1/notes', { headers: { 'content-encoding': 'gzip' } })],
  ['a wrong body', 400, (service) => post(service, '/v1/notes', '{')],
] satisfies [string, number, (service: RunningService) => Promise<Answer>][])(
  'counts %s against the rate of its client',
  async (_, status, ask) => {
    const service = await startNotes({ config: { rateLimitPerMinute: 2 } });
    try {
      expect(await statusesOf(3, () => ask(service))).toEqual([status, status, 429]);
      expect((await send(service, '/v1/notes')).status).toBe(429);
    } finally {
      await service.close();
    }
  },
);

it('verifies no token of a client beyond its rate, and asks operators for none of it', async () => {
  const [key, stranger] = [await createSigningKey(), await createSigningKey()];
  const terms = { issuer: 'https://issuer.test', audience: 'ringside', seconds: 60 };
  const auth: Partial<ServiceConfig> = { authKeySet: keySetUrl(key), authIssuer: terms.issuer };
  const service = await startService(
    { ...notesService, access: { kind: 'team', team: 'notes' } },
    { ...stubs(), config: { logLevel: 'silent', rateLimitPerMinute: 3, ...auth } },
  );
  // Signed by somebody else, and told to be by the key that the service knows: it has to look at the signature.
  const forged = await signToken({ ...stranger, id: key.id }, { sub: 'casey', teams: ['notes'], roles: ['lead'] }, terms);
  const verifying = jest.spyOn(globalThis.crypto.subtle, 'verify');
  try {
    const asking = () => send(service, '/v1/notes', { headers: { authorization: `Bearer ${forged}` } });
    expect(await statusesOf(5, asking)).toEqual([401, 401, 401, 429, 429]);
    expect(verifying).toHaveBeenCalledTimes(3);
    expect(await statusesOf(5, () => send(service, '/metrics'))).toEqual([200, 200, 200, 200, 200]);
    const refused = await asking();
    expect(refused.body).toMatchObject({ type: 'urn:ringside:problem:rate_limited', status: 429 });
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(refused.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(refused.headers.get('x-content-type-options')).toBe('nosniff');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  } finally {
    verifying.mockRestore();
    await service.close();
  }
});
