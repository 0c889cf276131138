import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aReport } from '@ringside/testing';

import { startPlatformRing, type PlatformRegion, type PlatformRing } from './platform-ring.fixture.js';

let ring: PlatformRing;
let eu: PlatformRegion;
beforeAll(async () => {
  ring = await startPlatformRing({ names: ['eu', 'us'] });
  eu = ring.region('eu');
  await ring.settle();
});
afterAll(() => ring.close());

const gets = ['', '/audit', '/runs', '/map', '/where?what=cases', '/terms', '/convergence', '/digests?topic=reports'];
const posts = ['/plan', '/apply', '/repair', '/promotions'];
const routes: readonly (readonly [method: string, path: string])[] = [
  ...gets.map((path) => ['GET', `/v1/ring${path}`] as const),
  ...posts.map((path) => ['POST', `/v1/ring${path}`] as const),
  ['GET', '/v1/subscriptions'],
];

describe('every route', () => {
  it.each(routes)('asks for the role platform: %s %s', async (method, path) => {
    const body = method === 'POST' ? {} : undefined;
    expect((await eu.ask(path, { method: method, as: null, ...(body && { body }) })).status).toBe(401);
    expect((await eu.ask(path, { method: method, as: ['lead', 'approver'], ...(body && { body }) })).status).toBe(403);
    expect((await eu.ask(path, { method: method, ...(body && { body }) })).status).toBe(
      path.endsWith('/promotions') ? 400 : 200,
    );
  });

  it('is described', async () => {
    const { body } = await eu.ask<{ paths: Record<string, Record<string, { description: string }>> }>('/docs/openapi.json');
    for (const [method, path] of routes) {
      const operation = body.paths[path.split('?')[0]!]?.[method.toLowerCase()];
      const roles = path.startsWith('/v1/ring/digests') ? 'platform or ring_peer' : 'platform';
      expect([path, operation?.description]).toEqual([path, expect.stringContaining(`For the role ${roles}.`)]);
    }
  });
});

describe('the ring', () => {
  it('is told with its zones, who has what, who serves whom, and the links as seen', async () => {
    await eu.ask('/v1/ring/repair', { method: 'POST', body: {} });
    const { body } = await eu.ask('/v1/ring');
    expect(body).toMatchObject({
      region: 'eu',
      policy: 'a'.repeat(64),
      regions: [{ region: 'eu', servedBy: 'eu', term: 0, successors: ['us'] }, { region: 'us' }, { region: 'ap' }],
      services: [{ service: 'platform', produce: ['global'], consume: ['global', 'casework'] }],
    });
    const { zones, links } = body as { zones: readonly { zone: string; topics: unknown }[]; links: readonly object[] };
    expect(zones.find(({ zone }) => zone === 'casework')?.topics).toContainEqual({
      topic: 'cases.eu',
      origin: 'eu',
      regions: ['eu', 'us'],
    });
    const topics = ['reports', 'sanctions', 'reporters', 'ring', 'cases.eu', 'cases.us'];
    expect(links).toEqual([
      { from: 'us', to: 'eu', topics, missing: expect.any(Number), comparedAt: expect.any(String), problem: null },
      { from: 'eu', to: 'us', topics, missing: expect.any(Number), comparedAt: expect.any(String), problem: null },
    ]);
  });

  it('is drawn as SVG or as Mermaid, by format or by Accept', async () => {
    expect((await eu.ask<string>('/v1/ring/map')).body).toMatch(/^<svg/);
    expect((await eu.ask<string>('/v1/ring/map?format=mermaid')).body).toContain('flowchart');
    expect((await eu.ask('/v1/ring/map?format=png')).status).toBe(400);
  });

  it('says where something may be', async () => {
    const { body } = await eu.ask('/v1/ring/where?what=ReportEvidenceFiled.description');
    expect(body).toMatchObject({
      found: [{ zone: 'evidence', kind: 'regional', reach: expect.arrayContaining([{ origin: 'eu', regions: ['eu'] }]) }],
    });
    expect((await eu.ask('/v1/ring/where')).status).toBe(400);
  });

  it('is audited, and the run is on the record; what is missing is planned and applied', async () => {
    const { body: plan } = await eu.ask('/v1/ring/plan', { method: 'POST', body: {} });
    expect(plan).toMatchObject({ regions: [{ region: 'eu', state: 'in_order', differences: [] }], steps: [] });
    const { body: audit } = await eu.ask('/v1/ring/audit');
    expect(audit).toMatchObject({ by: 'pat', unrecorded: [], regions: [{ region: 'eu' }] });
    const { body: runs } = await eu.ask<{ items: readonly object[] }>('/v1/ring/runs?limit=1');
    expect(runs.items).toEqual([expect.objectContaining({ operation: 'audit', about: 'eu', by: 'pat', outcome: 'in_order' })]);
    await eu.log.createTopic('left-over', { partitions: 1 });
    const { body: differs } = await eu.ask('/v1/ring/plan', { method: 'POST', body: { accept: true } });
    expect(differs).toMatchObject({
      regions: [{ state: 'differs', differences: [{ at: expect.stringContaining('left-over') }] }],
    });
  });
});

describe('subscriptions', () => {
  it('are listed with how far they are behind', async () => {
    await ring.settle();
    const event = aReport({ subjectId: 'eu-1', subjectHomeRegion: 'eu' });
    await eu.hold({ ...event, region: 'eu' });
    await ring.settle();
    const { body } = await eu.ask<{ items: readonly { topic: string }[] }>('/v1/subscriptions');
    expect(body.items.map(({ topic }) => topic)).toEqual(['reports', 'sanctions', 'reporters', 'ring', 'cases.eu', 'cases.us']);
    expect(body.items[0]).toEqual({
      ...{ topic: 'reports', subscription: 'platform', backlog: 0, lagSeconds: 0, lagSecondsMax: 336 * 3_600, partitions: 8 },
    });
  });
});
