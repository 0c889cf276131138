import { afterEach, describe, expect, it } from '@jest/globals';
import { UnavailableError } from '@ringside/core';
import { PartitionCountError, UnknownTopicError } from '@ringside/event-log';
import { openPulsarEventLog } from '../open.js';
import { createTopics } from '../topics.js';
import { type AdminCallSeen, fakeAdmin, type FakeAnswer } from './fake-admin.fixture.js';
import { createAdminCall, PulsarAdminError } from './request.js';
import { acknowledgedEntries, createCursor, cursorStats, resetCursor } from './subscriptions.js';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function admin(answer: (call: AdminCallSeen) => FakeAnswer | undefined, token?: string) {
  const server = await fakeAdmin(answer);
  open.push(server);
  return { ...server, call: createAdminCall({ adminUrl: server.adminUrl, token: async () => token }) };
}

describe('a call of the admin API', () => {
  it('carries the token, to the broker that owns the topic as well', async () => {
    const owner = await admin(() => ({ status: 200, body: 'there' }));
    const first = await admin(
      ({ path }) => ({ status: 307, headers: { location: `${owner.adminUrl}/admin/v2/${path}` } }),
      'secret',
    );
    const answer = await first.call('persistent/a/b/c/stats', { method: 'POST', body: '{"x":1}' });
    expect(answer).toMatchObject({ status: 200, text: '"there"' });
    expect(owner.seen[0]).toMatchObject({ method: 'POST', body: '{"x":1}', headers: { authorization: 'Bearer secret' } });
  });

  it('does not go round in circles', async () => {
    const { call, seen } = await admin(({ path }) => ({ status: 307, headers: { location: `/admin/v2/${path}` } }));
    await expect(call('clusters')).rejects.toThrow(UnavailableError);
    expect(seen.length).toBeLessThan(10);
  });

  it.each([500, 503, 412, 429])('is unavailable where the broker says %i', async (status) => {
    const { call } = await admin(() => ({ status, body: { reason: 'busy' } }));
    await expect(call('clusters')).rejects.toThrow(UnavailableError);
    await expect(call('clusters')).rejects.toThrow(/busy/);
  });

  it('is unavailable where nobody listens, or answers in time', async () => {
    const silent = await admin(() => undefined);
    await expect(silent.call('clusters', { msMax: 50 })).rejects.toThrow(/no answer in time/);
    await silent.close();
    await expect(silent.call('clusters')).rejects.toThrow(/ECONNREFUSED/);
    await expect(silent.call('clusters')).rejects.toThrow(UnavailableError);
  });

  it('says that the token is not enough, and what else Pulsar refuses', async () => {
    const { call } = await admin(({ path }) => ({
      status: path === 'clusters' ? 401 : 422,
      body: { reason: 'no such policy' },
    }));
    await expect(call('clusters')).rejects.toThrow(/token/);
    await expect(call('tenants')).rejects.toThrow(PulsarAdminError);
    await expect(call('tenants')).rejects.toThrow(/no such policy/);
  });
});

describe('making a topic', () => {
  const place = { tenant: 'acme', namespace: 'eu', createNamespace: true, schemasOf: () => [] };

  it('makes tenant and namespace where they are missing, with every policy explicit', async () => {
    let namespaceThere = false;
    const { call, seen } = await admin(({ method, path }) => {
      if (path === 'clusters') return { status: 200, body: ['east', 'global'] };
      if (path === 'namespaces/acme/eu') namespaceThere = true;
      if (method === 'PUT' && path.endsWith('/partitions') && !namespaceThere)
        return { status: 404, body: { reason: 'Namespace not found' } };
      return method === 'GET' ? { status: 200, body: { partitions: 8 } } : { status: 204 };
    });
    await createTopics({ ...place, call }).create('reports', 8);
    const put = seen.filter(({ method }) => method === 'PUT').map(({ path, body }) => [path, JSON.parse(body)]);
    expect(put).toEqual([
      ['persistent/acme/eu/reports/partitions', 8],
      ['tenants/acme', { adminRoles: [], allowedClusters: ['east'] }],
      ['namespaces/acme/eu', expect.anything()],
      ['persistent/acme/eu/reports/partitions', 8],
    ]);
    expect(put[2]![1]).toMatchObject({
      retention_policies: { retentionTimeInMinutes: -1, retentionSizeInMB: -1 },
      message_ttl_in_seconds: 0,
      deduplicationEnabled: true,
      autoTopicCreationOverride: { allowAutoTopicCreation: false },
      autoSubscriptionCreationOverride: { allowAutoSubscriptionCreation: false },
      schema_compatibility_strategy: 'FULL',
      backlog_quota_map: { destination_storage: { limitSize: -1, limitTime: -1 } },
    });
  });

  it('leaves the namespace to others where it is told to', async () => {
    const { call, seen } = await admin(() => ({ status: 404, body: { reason: 'Namespace not found' } }));
    const topics = createTopics({ ...place, createNamespace: false, call });
    await expect(topics.create('reports', 8)).rejects.toThrow(UnknownTopicError);
    expect(seen.map(({ path }) => path).some((path) => path.startsWith('namespaces/') || path.startsWith('tenants/'))).toBe(
      false,
    );
  });

  it('takes one that exists, unless it has another number of partitions', async () => {
    const { call } = await admin(({ method }) =>
      method === 'PUT' ? { status: 409 } : { status: 200, body: { partitions: 8 } },
    );
    await createTopics({ ...place, call }).create('reports', 8);
    await expect(createTopics({ ...place, call }).create('reports', 4)).rejects.toThrow(PartitionCountError);
  });

  it.each([401, 403])('finds one that was made for it, where it may make none (%i)', async (status) => {
    const { call } = await admin(({ method, path }) => {
      if (method === 'PUT') return { status, body: { reason: 'Unauthorized' } };
      return { status: 200, body: { partitions: path.includes('/reports/') ? 8 : 0 } };
    });
    await createTopics({ ...place, call }).create('reports', 8);
    await expect(createTopics({ ...place, call }).create('others', 8)).rejects.toThrow(/does not allow PUT/);
  });

  it('gives the registry one schema of all that lies in it, at every start', async () => {
    const { call, seen } = await admin(({ method }) =>
      method === 'PUT' ? { status: 409 } : { status: 200, body: { partitions: 8 } },
    );
    const schemasOf = (topic: string) =>
      topic === 'reports'
        ? [
            { type: 'object', properties: { id: { type: 'string' } } },
            { type: 'object', properties: { at: { type: 'integer' } } },
          ]
        : [];
    const topics = createTopics({ ...place, call, schemasOf });
    await topics.create('reports', 8);
    await topics.create('reports', 8);
    await topics.create('others', 8);
    const uploads = seen.filter(({ path }) => path.startsWith('schemas/'));
    expect(uploads.map(({ method, path }) => [method, path])).toEqual([
      ['POST', 'schemas/acme/eu/reports/schema'],
      ['POST', 'schemas/acme/eu/reports/schema'],
    ]);
    const { schema } = JSON.parse(uploads[0]!.body) as { schema: string };
    expect((JSON.parse(schema) as { fields: { name: string }[] }).fields.map(({ name }) => name)).toEqual(['id', 'at']);
  });
});

describe('the health of a log', () => {
  it("is the broker's own check, or whether it is ready for those who may not ask for more", async () => {
    const { adminUrl, seen } = await admin(({ path }) =>
      path === 'brokers/health' ? { status: 401, body: { reason: 'Unauthorized' } } : { status: 200, body: 'ok' },
    );
    const log = await openPulsarEventLog({ url: adminUrl.replace('http:', 'pulsar+ws:') });
    expect(await log.health()).toEqual({ status: 'up' });
    expect(seen.map(({ path }) => path)).toEqual(['brokers/health', 'brokers/ready']);
    await log.close();
  });
});

describe('a cursor', () => {
  const at = { tenant: 'acme', namespace: 'eu', topic: 'reports', partition: 3 };
  const path = 'persistent/acme/eu/reports-partition-3/subscription/team%2Fa';

  it('is put where Pulsar understands it', async () => {
    const { call, seen } = await admin(() => ({ status: 204 }));
    expect(await createCursor(call, at, 'team/a', 'earliest')).toBe('created');
    await resetCursor(call, at, 'team/a', 'latest');
    await resetCursor(call, at, 'team/a', { ledgerId: 6, entryId: 4, batchIndex: -1 });
    expect(seen.map((one) => [one.method, one.path])).toEqual([
      ['PUT', path],
      ['POST', `${path}/resetcursor`],
      ['POST', `${path}/resetcursor`],
    ]);
    expect(seen[0]!.body).toContain('"ledgerId":-1,"entryId":-1');
    expect(seen[1]!.body).toContain('"ledgerId":9223372036854775807,"entryId":9223372036854775807');
    expect(JSON.parse(seen[2]!.body)).toEqual({ ledgerId: 6, entryId: 4, partitionIndex: 3, batchIndex: -1 });
  });

  it('stays where it is when it exists, and is missed when it should be there', async () => {
    const { call } = await admin(({ method }) => ({
      status: method === 'PUT' ? 409 : 404,
      body: { reason: 'Subscription not found' },
    }));
    expect(await createCursor(call, at, 'team', 'earliest')).toBe('exists');
    await expect(resetCursor(call, at, 'team', 'earliest')).rejects.toThrow(/Subscription not found/);
  });

  it('is read from the statistics: before a ledger means behind an earlier one', async () => {
    const ledgers = [
      { ledgerId: 6, entries: 7 },
      { ledgerId: 9, entries: 0 },
      { ledgerId: 14, entries: 0 },
    ];
    const partition = (markDeletePosition: string) => ({ ledgers, cursors: { team: { markDeletePosition } } });
    const marks = ['6:-1', '6:3', '14:-1'];
    const name = (n: number): string => `persistent://acme/eu/reports-partition-${n}`;
    const { call } = await admin(({ path }) => ({
      status: 200,
      body: {
        partitions: Object.fromEntries(
          path.includes('internal')
            ? marks.map((mark, n) => [name(n), partition(mark)])
            : marks.map((_, n) => [
                name(n),
                { subscriptions: { team: { msgBacklog: n, ...(n === 1 && { activeConsumerName: 'c' }) } } },
              ]),
        ),
      },
    }));
    const topic = { ...at, partitions: 4 };
    expect(Object.fromEntries(await acknowledgedEntries(call, topic, 'team'))).toEqual({
      0: null,
      1: { ledgerId: 6, entryId: 3, batchIndex: -1 },
      2: { ledgerId: 6, entryId: 6, batchIndex: -1 },
    });
    expect((await acknowledgedEntries(call, topic, 'nobody')).size).toBe(0);
    const stats = await cursorStats(call, topic, 'team');
    expect([...stats.keys()]).toEqual([0, 1, 2]);
    expect(stats.get(1)).toEqual({ backlog: 1, activeConsumer: 'c' });
  });
});
