import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get, HttpCode, Module, Post } from '@nestjs/common';
import { createSigningKey, keySetUrl, signToken, type Person, type SigningKey, type TokenTerms } from '@ringside/issuer';
import { SignJWT, UnsecuredJWT } from 'jose';
import { pino, type Logger } from 'pino';
import { Caller, Roles, startService, type Identity, type RunningService, type ServiceConfig } from '../index.js';
import { notesService, send, stubs, type Answer } from '../service.fixture.js';
import type { Access } from './authenticate.js';

const terms: TokenTerms = { issuer: 'https://issuer.test', audience: 'ringside', seconds: 60 };
const worker: Person = { sub: 'casey', teams: ['notes'], roles: ['case_worker', 'astronaut'] };

@Controller('v1/things')
class ThingsController {
  @Get()
  list(@Caller() caller: Identity): Identity {
    return caller;
  }

  @Get(':thing')
  get(): object {
    return {};
  }

  @Post()
  @HttpCode(200)
  work(): object {
    return {};
  }

  @Post(':thing/approve')
  @HttpCode(200)
  @Roles('approver')
  approve(): object {
    return {};
  }

  @Get('exchange/digests')
  @Roles('platform', 'ring_peer')
  digests(@Caller() caller: Identity): Identity {
    return caller;
  }

  @Get('exchange/records')
  @Roles('ring_peer')
  records(): object {
    return {};
  }

  @Post('maintenance')
  @HttpCode(200)
  @Roles('platform')
  maintain(): object {
    return {};
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

const start = (access: Access, config: Partial<ServiceConfig>, logger?: Logger): Promise<RunningService> =>
  startService(
    { ...notesService, access, module: () => ThingsModule },
    { ...stubs(), config: { logLevel: 'silent', ...config }, ...(logger && { logger }) },
  );

let key: SigningKey;
let service: RunningService;
let auth: Partial<ServiceConfig>;
beforeAll(async () => {
  key = await createSigningKey();
  auth = { authKeySet: keySetUrl(key), authIssuer: terms.issuer };
  service = await start({ kind: 'team', team: 'notes' }, auth);
});
afterAll(() => service.close());

const ask = (path: string, token?: string, method = 'GET', to = service): Promise<Answer> =>
  send(to, path, { method, ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }) });
const asking = async (path: string, person: Partial<Person>, method = 'GET'): Promise<number> =>
  (await ask(path, await signToken(key, { ...worker, ...person }, terms), method)).status;

const claimed = (claims: Record<string, unknown>): SignJWT =>
  new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: key.id });
const whole = { sub: 'casey', iss: terms.issuer, aud: 'ringside', teams: ['notes'], roles: ['lead'] };
const soon = (): number => Math.floor(Date.now() / 1_000) + 60;

describe('a request', () => {
  it('is taken with a token, whose words of other systems mean nothing here', async () => {
    const { status, body } = await ask('/v1/things', await signToken(key, worker, terms));
    expect([status, body]).toEqual([200, { sub: 'casey', teams: ['notes'], roles: ['case_worker'] }]);
  });

  it('has its token verified once, however it is written in the header', async () => {
    const token = await signToken(key, worker, terms);
    const verifying = jest.spyOn(globalThis.crypto.subtle, 'verify');
    try {
      for (const scheme of ['Bearer ', 'Bearer   ', 'bearer ', 'BEARER  ']) {
        const { status } = await send(service, '/v1/things', { headers: { authorization: `${scheme}${token}` } });
        expect(status).toBe(200);
      }
      expect(verifying).toHaveBeenCalledTimes(1);
    } finally {
      verifying.mockRestore();
    }
  });

  it.each([
    ['no token', () => undefined, 'Send a token'],
    ['one that is no JWT', () => 'nonsense', 'malformed'],
    ['one that has expired', () => signToken(key, worker, { ...terms, seconds: -60 }), 'expired'],
    ['one without an end', () => claimed(whole).sign(key.privateKey), '"exp"'],
    ['one for others', () => signToken(key, worker, { ...terms, audience: 'mail' }), '"aud"'],
    ['one of another issuer', () => signToken(key, worker, { ...terms, issuer: 'https://evil.test' }), '"iss"'],
    ['a key of nobody', async () => signToken(await createSigningKey(), worker, terms), 'not signed by whoever may'],
    ['no signature', () => new UnsecuredJWT({ ...whole, exp: soon() }).encode(), 'malformed'],
    ['a teams claim of another kind', () => claimed({ ...whole, teams: 'notes', exp: soon() }).sign(key.privateKey), '"teams"'],
    ['the name of the service itself', () => signToken(key, { ...worker, sub: 'system' }, terms), 'not "system"'],
    ['nobody in it', () => claimed({ ...whole, sub: '', exp: soon() }).sign(key.privateKey), '"sub"'],
    [
      'a signature with the public key as the secret',
      () => {
        const secret = new TextEncoder().encode(JSON.stringify(key.keySet.keys[0]));
        return new SignJWT({ ...whole, exp: soon() }).setProtectedHeader({ alg: 'HS256', kid: key.id }).sign(secret);
      },
      'malformed',
    ],
  ])('is refused with 401 that has %s', async (_what, token, detail) => {
    const answer = await ask('/v1/things', await token());
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="ringside"/);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ type: 'urn:ringside:problem:unauthorized', detail: expect.stringContaining(detail) });
  });

  it('is refused before its body is read', async () => {
    const answer = await send(service, '/v1/things', {
      method: 'POST',
      body: '{not json',
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(401);
  });

  it('may read with any role of the team, and work with those of case workers and leads', async () => {
    for (const role of ['case_worker', 'lead', 'approver', 'read_only']) {
      expect([role, await asking('/v1/things', { roles: [role] })]).toEqual([role, 200]);
      const works = role === 'case_worker' || role === 'lead';
      expect([role, await asking('/v1/things', { roles: [role] }, 'POST')]).toEqual([role, works ? 200 : 403]);
    }
    expect(await asking('/v1/things', { roles: [] })).toBe(403);
  });

  it('takes the role that its route names', async () => {
    expect(await asking('/v1/things/1/approve', { roles: ['lead'] }, 'POST')).toBe(403);
    expect(await asking('/v1/things/1/approve', { roles: ['approver'] }, 'POST')).toBe(200);
  });

  it('finds nothing that is of another team', async () => {
    expect(await asking('/v1/things/1', { teams: ['others'] })).toBe(404);
    expect(await asking('/v1/things/1/approve', { teams: ['others'], roles: ['approver'] }, 'POST')).toBe(404);
    expect(await asking('/v1/things', { teams: ['others'] })).toBe(403);
    expect(await asking('/v1/things', { teams: [], roles: ['platform'] })).toBe(403);
    expect(await asking('/v1/things/maintenance', { teams: [], roles: ['platform'] }, 'POST')).toBe(200);
  });

  it('needs no token for health, metrics and documentation, which says that the rest does', async () => {
    for (const path of ['/health/live', '/health/ready', '/metrics', '/docs']) expect((await ask(path)).status).toBe(200);
    const { body } = await ask('/docs/openapi.json');
    expect(body).toMatchObject({
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      paths: {
        '/v1/things': {
          get: {
            security: [{ token: [] }],
            responses: { 401: {}, 403: {} },
            description: 'For the role case_worker or lead or approver or read_only.',
          },
          post: { description: 'For the role case_worker or lead.' },
        },
        '/v1/things/{thing}/approve': { post: { description: 'For the role approver.' } },
      },
    });
    expect((body as { paths: Record<string, { get: object }> }).paths['/health/live']!.get).not.toHaveProperty('security');
  });
});

describe('the keys', () => {
  let server: Server;
  let fetched = 0;
  let away = true;
  let keySet: object;
  beforeAll(async () => {
    keySet = key.keySet;
    server = createServer((_request, response) => {
      fetched += 1;
      response.writeHead(away ? 500 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(keySet));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('are fetched when they are needed, once; while they are away the answer is 503', async () => {
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
    const remote = await start({ kind: 'team', team: 'notes' }, { ...auth, authKeySet: address });
    const token = await signToken(key, worker, terms);
    const refused = await ask('/v1/things', token, 'GET', remote);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    away = false;
    const before = fetched;
    for (let i = 0; i < 3; i += 1) expect((await ask('/v1/things', token, 'GET', remote)).status).toBe(200);
    const stranger = await signToken(await createSigningKey(), worker, terms);
    for (let i = 0; i < 3; i += 1) expect((await ask('/v1/things', stranger, 'GET', remote)).status).toBe(401);
    expect(fetched).toBe(before + 1);
    await remote.close();
  });

  it.each(['data:application/json,[]', 'file:///nowhere/keys.json'])(
    'keep a service from starting that are not there: %s',
    (url) =>
      expect(start({ kind: 'team', team: 'notes' }, { ...auth, authKeySet: url })).rejects.toThrow(
        'RINGSIDE_AUTH_JWKS must lead to a JSON Web Key Set',
      ),
  );

  it('are what no team starts without', () =>
    expect(start({ kind: 'team', team: 'notes' }, {})).rejects.toThrow('Set RINGSIDE_AUTH_JWKS and RINGSIDE_AUTH_ISSUER'));
});

describe('the service of the Platform team', () => {
  it('asks for its role on every route, whatever the team, and in development too', async () => {
    const platform = await start({ kind: 'platform' }, { ...auth, environment: 'development' });
    const as = async (person: Partial<Person>, method: string): Promise<number> =>
      (await ask('/v1/things', await signToken(key, { ...worker, ...person }, terms), method, platform)).status;
    expect((await ask('/v1/things', undefined, 'GET', platform)).status).toBe(401);
    for (const method of ['GET', 'POST']) {
      expect([method, await as({ roles: ['case_worker', 'lead', 'approver', 'read_only', 'game'] }, method)]).toEqual([
        method,
        403,
      ]);
      expect([method, await as({ teams: [], roles: ['platform'] }, method)]).toEqual([method, 200]);
    }
    const approve = async (roles: readonly string[]): Promise<number> =>
      (await ask('/v1/things/1/approve', await signToken(key, { ...worker, roles }, terms), 'POST', platform)).status;
    expect([await approve(['approver']), await approve(['platform'])]).toEqual([403, 200]);
    const { body } = await ask('/docs/openapi.json', undefined, 'GET', platform);
    expect(body).toMatchObject({
      paths: {
        '/v1/things': { get: { description: 'For the role platform.' } },
        '/v1/things/{thing}/approve': { post: { description: 'For the role platform.' } },
      },
    });
    await platform.close();
  });

  it('does not start without keys to verify tokens with', () =>
    expect(start({ kind: 'platform' }, {})).rejects.toThrow('Set RINGSIDE_AUTH_JWKS and RINGSIDE_AUTH_ISSUER'));
});

describe('the platform service of another region', () => {
  const peer: Person = { sub: 'platform-us', teams: [], roles: ['ring_peer'], region: 'us' };
  const forEu: TokenTerms = { ...terms, audience: 'urn:ringside:platform:eu' };
  let platform: RunningService;
  beforeAll(async () => {
    platform = await start({ kind: 'platform' }, { ...auth, region: 'eu' });
  });
  afterAll(() => platform.close());
  const statusOf = async (path: string, token: string | Promise<string>, method = 'GET', to = platform): Promise<number> =>
    (await ask(path, await token, method, to)).status;
  const digests = '/v1/things/exchange/digests';

  it('may use the routes that name its role, and no other', async () => {
    const token = await signToken(key, peer, forEu);
    const { status, body } = await ask(digests, token, 'GET', platform);
    expect([status, body]).toEqual([200, { sub: 'platform-us', teams: [], roles: ['ring_peer'], region: 'us' }]);
    expect(await statusOf('/v1/things/exchange/records', token)).toBe(200);
    for (const [method, path] of [
      ['GET', '/v1/things'],
      ['POST', '/v1/things'],
      ['POST', '/v1/things/maintenance'],
      ['POST', '/v1/things/1/approve'],
    ] as const) {
      expect([path, await statusOf(path, token, method)]).toEqual([path, 403]);
    }
  });

  it('is no more than that, whatever else its token says', async () => {
    const token = await signToken(key, { ...peer, teams: ['notes'], roles: ['ring_peer', 'platform', 'lead'] }, forEu);
    expect(await statusOf('/v1/things/maintenance', token, 'POST')).toBe(403);
    expect((await ask(digests, token, 'GET', platform)).body).toEqual({
      ...{ sub: 'platform-us', teams: [], roles: ['ring_peer'], region: 'us' },
    });
  });

  it('cannot use a token that was shown to itself, nor one that is for several regions', async () => {
    const forUs = { ...terms, audience: 'urn:ringside:platform:us' };
    expect(await statusOf(digests, signToken(key, { ...peer, region: 'eu' }, forUs))).toBe(401);
    const both = claimed({ ...peer, iss: terms.issuer, aud: ['urn:ringside:platform:eu', forUs.audience], exp: soon() });
    expect(await statusOf(digests, both.sign(key.privateKey))).toBe(401);
  });

  it.each([
    ['no region', { region: undefined }],
    ['no region by its name', { region: '../eu' }],
    ['another role alone', { roles: ['platform'] }],
    ['no role', { roles: [] }],
  ])('is refused with a token that has %s', async (_what, given) => {
    expect(await statusOf(digests, signToken(key, { ...peer, ...given }, forEu))).toBe(401);
  });

  it('is none among people: a token for the services makes nobody a peer', async () => {
    expect(await statusOf('/v1/things/exchange/records', signToken(key, peer, terms))).toBe(403);
    const operator = await signToken(key, { ...peer, roles: ['platform'] }, terms);
    expect(await statusOf('/v1/things/exchange/records', operator)).toBe(403);
    expect((await ask(digests, operator, 'GET', platform)).body).toEqual({
      sub: 'platform-us',
      teams: [],
      roles: ['platform'],
    });
  });

  it('is nobody to the service of a team', async () => {
    const region = service.config.region;
    const forThem = { ...terms, audience: `urn:ringside:platform:${region}` };
    expect(await statusOf('/v1/things', signToken(key, peer, forThem), 'GET', service)).toBe(401);
  });
});

describe('a service for games', () => {
  it('asks nobody in development, nor where no keys are configured', async () => {
    for (const config of [{ ...auth, environment: 'development' as const }, {}]) {
      const open = await start({ kind: 'games' }, config);
      expect((await send(open, '/v1/things', { method: 'POST' })).status).toBe(200);
      await open.close();
    }
  });

  it('says at its start that it asks nobody, in production', async () => {
    const warned = async (config: Partial<ServiceConfig>): Promise<boolean> => {
      const lines: string[] = [];
      const logger = pino({ level: 'warn' }, { write: (line) => void lines.push(line) });
      await (await start({ kind: 'games' }, config, logger)).close();
      return lines.some((line) => line.includes('without RINGSIDE_AUTH_JWKS whoever reaches this service may file'));
    };
    expect([await warned({}), await warned({ environment: 'development' }), await warned(auth)]).toEqual([true, false, false]);
  });

  it('asks for the token of a game in production', async () => {
    const games = await start({ kind: 'games' }, auth);
    const with_ = async (roles: readonly string[]): Promise<number> =>
      (await ask('/v1/things', await signToken(key, { sub: 'stormfall', teams: [], roles }, terms), 'POST', games)).status;
    expect((await ask('/v1/things', undefined, 'POST', games)).status).toBe(401);
    expect(await with_(['lead'])).toBe(403);
    expect(await with_(['game'])).toBe(200);
    await games.close();
  });
});
