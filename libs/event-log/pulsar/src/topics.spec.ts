import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UnavailableError } from '@ringside/core';
import { UnknownTopicError } from '@ringside/event-log';

import { type AdminCallSeen, type FakeAnswer, fakeAdmin } from './admin/fake-admin.fixture.js';
import { createAdminCall } from './admin/request.js';
import { createTopics, type Topics } from './topics.js';

const ring = {
  tenant: 'arena',
  namespaces: new Map([
    ['reports', 'global'],
    ['cases.eu', 'casework-eu'],
    ['cases.us', 'casework-us'],
  ]),
};

/** What a Pulsar has: partitions by `tenant/namespace/topic`. */
let there: Map<string, number>;
let namespaces: Set<string>;
let admin: Awaited<ReturnType<typeof fakeAdmin>>;

function answer({ method, path, body }: AdminCallSeen): FakeAnswer {
  const [, tenant, namespace, topic] = path.split('/');
  if (topic === 'partitioned') {
    const inNamespace = [...there.keys()].filter((name) => name.startsWith(`${tenant}/${namespace}/`));
    return { status: 200, body: inNamespace.map((name) => `persistent://${name}`) };
  }
  if (!namespaces.has(`${tenant}/${namespace}`)) return { status: 404, body: { reason: 'Namespace not found' } };
  const name = `${tenant}/${namespace}/${topic}`;
  if (method === 'GET') return { status: 200, body: { partitions: there.get(name) ?? 0 } };
  if (there.has(name)) return { status: 409 };
  there.set(name, Number(body));
  return { status: 204 };
}

beforeEach(async () => {
  there = new Map();
  namespaces = new Set(['arena/global', 'arena/casework-eu', 'ringside/global']);
  admin = await fakeAdmin(answer);
});
afterEach(() => admin.close());

function topicsOf(inRing: boolean): Topics {
  const call = createAdminCall({ adminUrl: admin.adminUrl, token: async () => undefined });
  const place = { tenant: 'ringside', namespace: 'global', createNamespace: true, schemasOf: () => [] };
  return createTopics({ ...place, call, ...(inRing && { ring }) });
}

describe('the topics of a ring', () => {
  it('are each in the namespace of their zone and origin', async () => {
    const topics = topicsOf(true);
    await topics.create('reports', 8);
    await topics.create('cases.eu', 4);
    expect([...there]).toEqual([
      ['arena/global/reports', 8],
      ['arena/casework-eu/cases.eu', 4],
    ]);
    const place = { tenant: 'arena', namespace: 'casework-eu', topic: 'cases.eu', partitions: 4 };
    expect(await topicsOf(true).find('cases.eu')).toEqual(place);
  });

  it('are listed over all its namespaces, without what does not belong there', async () => {
    there.set('arena/global/reports', 8).set('arena/casework-eu/cases.eu', 4).set('arena/global/cases.us', 1);
    expect(await topicsOf(true).list()).toEqual([
      { topic: 'reports', partitions: 8 },
      { topic: 'cases.eu', partitions: 4 },
    ]);
  });

  it('wait for a namespace that is not there: a service makes none', async () => {
    const failure: unknown = await topicsOf(true)
      .create('cases.us', 8)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UnavailableError);
    expect(String(failure)).toContain(
      "no namespace arena/casework-us, which the ring's policy wants: make it by npm run ring -- apply",
    );
    expect(admin.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'PUT persistent/arena/casework-us/cases.us/partitions',
    ]);
  });

  it('are no others than those of the policy', async () => {
    await expect(topicsOf(true).create('cases', 8)).rejects.toThrow(UnknownTopicError);
    await expect(topicsOf(true).find('cases.ap')).rejects.toThrow(UnknownTopicError);
    expect(admin.seen).toEqual([]);
  });
});

describe('topics without a ring', () => {
  it("are in the URL's namespace", async () => {
    await topicsOf(false).create('cases', 8);
    expect([...there]).toEqual([['ringside/global/cases', 8]]);
    expect(await topicsOf(false).list()).toEqual([{ topic: 'cases', partitions: 8 }]);
  });
});
