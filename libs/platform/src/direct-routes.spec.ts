import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Module, Post } from '@nestjs/common';
import { createSigningKey, keySetUrl, signToken, type Person, type SigningKey } from '@ringside/issuer';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Direct, ProblemException, problems, Roles, startService, type RunningService } from './index.js';
import { notesService, send, stubs, type Answer } from './service.fixture.js';

@Controller('v1/parcels')
class ParcelsController {
  readonly #taken: unknown[] = [];

  @Direct()
  @Post()
  async take({ body }: FastifyRequest, reply: FastifyReply): Promise<void> {
    if ((body as { heavy?: boolean }).heavy === true) throw new ProblemException(problems.notFound, 'Nobody can lift it.');
    this.#taken.push(body);
    await reply.code(202).send({ taken: this.#taken.length });
  }

  @Direct()
  @Post('burn')
  @Roles('lead')
  async burn(_request: FastifyRequest, reply: FastifyReply): Promise<void> {
    await reply.code(200).send({});
  }
}

@Module({ controllers: [ParcelsController] })
class ParcelsModule {}

const terms = { issuer: 'https://issuer.test', audience: 'ringside', seconds: 60 };
let key: SigningKey;
let service: RunningService;
let another: RunningService;

const start = (): Promise<RunningService> =>
  startService(
    { ...notesService, access: { kind: 'team', team: 'notes' }, module: () => ParcelsModule },
    {
      ...stubs(),
      config: { logLevel: 'silent', authKeySet: keySetUrl(key), authIssuer: terms.issuer, authAudience: terms.audience },
    },
  );

beforeAll(async () => {
  key = await createSigningKey();
  [service, another] = await Promise.all([start(), start()]);
});
afterAll(async () => {
  await service.close();
  await another.close();
});

const person: Person = { sub: 'casey', teams: ['notes'], roles: ['case_worker'] };

async function post(path: string, body: unknown, of: Person | undefined = person, to = service): Promise<Answer> {
  const authorization = of && `Bearer ${await signToken(key, of, terms)}`;
  const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) };
  return send(to, path, { method: 'POST', body: JSON.stringify(body), headers });
}

describe('a direct route', () => {
  it('is handled by its controller, in each service by its own', async () => {
    expect(await post('/v1/parcels', {})).toMatchObject({ status: 202, body: { taken: 1 } });
    expect(await post('/v1/parcels', {})).toMatchObject({ status: 202, body: { taken: 2 } });
    expect(await post('/v1/parcels', {}, person, another)).toMatchObject({ status: 202, body: { taken: 1 } });
  });

  it('answers what it throws as a problem document', async () => {
    const answer = await post('/v1/parcels', { heavy: true });
    expect(answer).toMatchObject({
      status: 404,
      body: { type: 'urn:ringside:problem:not_found', detail: 'Nobody can lift it.' },
    });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  it('takes no query', async () => {
    expect(await post('/v1/parcels?now=yes', {})).toMatchObject({
      status: 400,
      body: { errors: [{ parameter: 'now', detail: 'is not a known field' }] },
    });
  });

  it('asks who the caller is, of which team, and in which role', async () => {
    expect((await send(service, '/v1/parcels', { method: 'POST' })).status).toBe(401);
    expect((await post('/v1/parcels', {}, { ...person, teams: ['others'] })).status).toBe(403);
    expect((await post('/v1/parcels', {}, { ...person, roles: ['read_only'] })).status).toBe(403);
    expect((await post('/v1/parcels/burn', {})).status).toBe(403);
    expect((await post('/v1/parcels/burn', {}, { ...person, roles: ['lead'] })).status).toBe(200);
  });

  it('is documented as the others are', async () => {
    const { body } = await send(service, '/docs/openapi.json');
    const { paths } = body as { paths: Record<string, { post?: { description?: string } }> };
    expect(paths['/v1/parcels/burn']!.post!.description).toContain('role lead');
  });
});
