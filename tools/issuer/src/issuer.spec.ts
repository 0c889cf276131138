import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { startIssuer, type Issuer } from './index.js';

let directory: string;
let issuer: Issuer | undefined;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ringside-issuer-'));
});
afterEach(async () => {
  await issuer?.close();
  issuer = undefined;
  await rm(directory, { recursive: true });
});

const start = async (env: NodeJS.ProcessEnv = {}): Promise<Issuer> =>
  (issuer = await startIssuer({ directory, port: 0, teams: ['cheating', 'abuse'], env }));
const askToken = async (body: string) => {
  const response = await fetch(`${issuer!.url}/token`, { method: 'POST', body });
  return { status: response.status, body: (await response.json()) as { access_token: string; detail: string } };
};
const claimsOf = async (token: string) => {
  const { RINGSIDE_AUTH_JWKS, RINGSIDE_AUTH_AUDIENCE, RINGSIDE_AUTH_ISSUER } = issuer!.serviceEnv;
  const keys = createRemoteJWKSet(new URL(RINGSIDE_AUTH_JWKS!));
  return (await jwtVerify(token, keys, { audience: RINGSIDE_AUTH_AUDIENCE!, issuer: RINGSIDE_AUTH_ISSUER! })).payload;
};

describe('the development issuer', () => {
  it('gives anybody a token that its key set verifies', async () => {
    await start();
    const { status, body } = await askToken('{"sub":"me","teams":["abuse"],"roles":["lead"]}');
    expect(status).toBe(200);
    expect(await claimsOf(body.access_token)).toMatchObject({ sub: 'me', teams: ['abuse'], roles: ['lead'] });
    const everywhere = await askToken('{"sub":"me"}');
    expect(await claimsOf(everywhere.body.access_token)).toMatchObject({ teams: ['cheating', 'abuse'], roles: [] });
  });

  it('gives the platform service of a region a token for that of another', async () => {
    await start();
    const audience = 'urn:ringside:platform:us';
    const asked = { sub: 'platform-eu', teams: [], roles: ['ring_peer'], region: 'eu', audience };
    const { body } = await askToken(JSON.stringify(asked));
    expect(decodeJwt(body.access_token)).toMatchObject({ roles: ['ring_peer'], region: 'eu', aud: audience });
    await expect(claimsOf(body.access_token)).rejects.toThrow('"aud"');
  });

  it.each([
    ['nonsense', 'not a JSON document'],
    ['[]', 'JSON object'],
    ['{}', '"sub"'],
    ['{"sub":"me","teams":"abuse"}', '"teams"'],
    ['{"sub":"me","roles":["king"]}', '"roles"'],
    ['{"sub":"me","region":7}', '"region"'],
    ['{"sub":"me","audience":[]}', '"audience"'],
    [`{"sub":"${'x'.repeat(20_000)}"}`, 'too large'],
  ])('says what is wrong with %.40s', async (body, detail) => {
    await start();
    expect(await askToken(body)).toMatchObject({ status: 400, body: { detail: expect.stringContaining(detail) } });
  });

  it('has settings with its keys in them, for services that cannot reach it', async () => {
    await start();
    const { RINGSIDE_AUTH_JWKS, ...others } = issuer!.settingsWithKeys;
    expect(others).toMatchObject({ RINGSIDE_AUTH_ISSUER: issuer!.url });
    const keys = await (await fetch(`${issuer!.url}/.well-known/jwks.json`)).json();
    expect(await (await fetch(RINGSIDE_AUTH_JWKS!)).json()).toEqual(keys);
  });

  it('has a page with a token for each role', async () => {
    await start();
    const page = await (await fetch(issuer!.url)).text();
    for (const role of ['case_worker', 'lead', 'approver', 'read_only']) expect(page).toContain(role);
    const tokens = [...page.matchAll(/class="token">([^<]+)</g)].map(([, token]) => token!);
    expect((await claimsOf(tokens[0]!)).sub).toBe('casey');
  });

  it('keeps its key, so that tokens outlast a restart, and keeps it to itself', async () => {
    await start();
    const jwks = async (): Promise<unknown> => (await fetch(`${issuer!.url}/.well-known/jwks.json`)).json();
    const before = await jwks();
    expect(JSON.stringify(before)).not.toContain('"d"');
    expect((await stat(join(directory, 'signing-key.json'))).mode & 0o077).toBe(0);
    await issuer!.close();
    await start();
    expect(await jwks()).toEqual(before);
  });

  it('says which file to delete where its key is broken', async () => {
    await writeFile(join(directory, 'signing-key.json'), '{}');
    await expect(start()).rejects.toThrow(/signing-key\.json, cannot be used: delete it/);
  });

  it.each(['NODE_ENV', 'RINGSIDE_ENV'])('is refused where %s is production', (variable) =>
    expect(start({ [variable]: 'production' })).rejects.toThrow(`refused where ${variable} is production`),
  );

  it('answers under no other name', async () => {
    await start();
    const { request } = await import('node:http');
    const status = await new Promise((resolve, reject) => {
      const sent = request(issuer!.url, { headers: { host: 'evil.test' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', reject).end();
    });
    expect(status).toBe(421);
  });
});
