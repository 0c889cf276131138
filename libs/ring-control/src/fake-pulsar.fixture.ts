import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Namespace {
  policies: Record<string, unknown>;
  readonly topics: Map<string, number>;
  readonly ownReplication: Map<string, readonly string[]>;
  /** By `topic/policy`. */
  readonly ownPolicies?: Map<string, unknown>;
}

interface State {
  readonly clusters: Map<string, object>;
  readonly tenants: Map<string, unknown>;
  readonly namespaces: Map<string, Namespace>;
}

type Answer = readonly [status: number, body?: unknown];
type Route = readonly [method: string, path: RegExp, answer: (state: State, parts: readonly string[], body: unknown) => Answer];

/** Where Pulsar keeps, among a namespace's policies, what each of these paths sets. */
const policyAt: Readonly<Record<string, string>> = {
  retention: 'retention_policies',
  messageTTL: 'message_ttl_in_seconds',
  subscriptionExpirationTime: 'subscription_expiration_time_minutes',
  deduplication: 'deduplicationEnabled',
  autoTopicCreation: 'autoTopicCreationOverride',
  autoSubscriptionCreation: 'autoSubscriptionCreationOverride',
  schemaCompatibilityStrategy: 'schema_compatibility_strategy',
  isAllowAutoUpdateSchema: 'is_allow_auto_update_schema',
  schemaValidationEnforced: 'schema_validation_enforced',
  replication: 'replication_clusters',
};

const notFound: Answer = [404, { reason: 'not found' }];

/** As Pulsar 4.0 answers, as far as a ring's control asks: see the specs of `npm run test:ring` for the real one. */
const routes: readonly Route[] = [
  ['GET', /^brokers\/configuration\/runtime$/, () => [200, { authorizationEnabled: 'false', replicationStartAt: 'latest' }]],
  ['GET', /^clusters$/, ({ clusters }) => [200, [...clusters.keys()]]],
  ['GET', /^clusters\/([^/]+)$/, ({ clusters }, [name]) => (clusters.has(name!) ? [200, clusters.get(name!)] : notFound)],
  ['PUT', /^clusters\/([^/]+)$/, ({ clusters }, [name], body) => made(clusters, name!, body as object)],
  ['POST', /^clusters\/([^/]+)$/, ({ clusters }, [name], body) => (clusters.set(name!, body as object), [200])],
  ['GET', /^tenants\/([^/]+)$/, ({ tenants }, [name]) => (tenants.has(name!) ? [200, tenants.get(name!)] : notFound)],
  ['PUT', /^tenants\/([^/]+)$/, ({ tenants }, [name], body) => made(tenants, name!, body)],
  ['POST', /^tenants\/([^/]+)$/, ({ tenants }, [name], body) => (tenants.set(name!, body), [204])],
  [
    'GET',
    /^namespaces\/([^/]+)$/,
    ({ tenants, namespaces }, [tenant]) =>
      tenants.has(tenant!) ? [200, [...namespaces.keys()].filter((name) => name.startsWith(`${tenant!}/`))] : notFound,
  ],
  ['GET', /^namespaces\/([^/]+\/[^/]+)$/, (state, [name]) => within(state, name!, ({ policies }) => [200, policies])],
  [
    'PUT',
    /^namespaces\/([^/]+\/[^/]+)$/,
    ({ namespaces }, [name], body) =>
      made(namespaces, name!, {
        policies: { ...(body as object) },
        topics: new Map(),
        ownReplication: new Map(),
        ownPolicies: new Map(),
      }),
  ],
  ['DELETE', /^namespaces\/([^/]+\/[^/]+)$/, ({ namespaces }, [name]) => (namespaces.delete(name!) ? [204] : notFound)],
  [
    '*',
    /^namespaces\/([^/]+\/[^/]+)\/permissions\/([^/]+)$/,
    (state, [name, role], body) =>
      within(state, name!, ({ policies }) => {
        const auth = (policies['auth_policies'] ??= { namespace_auth: {} }) as { namespace_auth: Record<string, unknown> };
        if (body === undefined) delete auth.namespace_auth[role!];
        else auth.namespace_auth[role!] = body;
        return [204];
      }),
  ],
  [
    '*',
    /^namespaces\/([^/]+\/[^/]+)\/(\w+)$/,
    (state, [name, path], body) =>
      within(state, name!, ({ policies }) => {
        if (path === 'offloadThreshold') policies['offload_policies'] = { managedLedgerOffloadThresholdInBytes: body };
        else if (path === 'backlogQuota') {
          policies['backlog_quota_map'] = { destination_storage: { limit: -1, ...(body as object) } };
        } else policies[policyAt[path!]!] = body;
        return [204];
      }),
  ],
  [
    'GET',
    /^persistent\/([^/]+\/[^/]+)\/partitioned$/,
    (state, [name]) =>
      within(state, name!, ({ topics }) => [200, [...topics.keys()].map((one) => `persistent://${name!}/${one}`)]),
  ],
  ['GET', /^persistent\/([^/]+\/[^/]+)$/, (state, [name]) => within(state, name!, () => [200, []])],
  [
    'GET',
    /^persistent\/([^/]+\/[^/]+)\/([^/]+)\/partitions$/,
    (state, [name, topic]) => within(state, name!, ({ topics }) => [200, { partitions: topics.get(topic!) ?? 0 }]),
  ],
  [
    'PUT',
    /^persistent\/([^/]+\/[^/]+)\/([^/]+)\/partitions$/,
    (state, [name, topic], body) => within(state, name!, ({ topics }) => made(topics, topic!, body as number)),
  ],
  [
    'DELETE',
    /^persistent\/([^/]+\/[^/]+)\/([^/]+)\/partitions$/,
    (state, [name, topic]) => within(state, name!, ({ topics }) => (topics.delete(topic!) ? [204] : notFound)),
  ],
  [
    'GET',
    /^persistent\/([^/]+\/[^/]+)\/([^/]+)\/replication$/,
    (state, [name, topic]) => within(state, name!, ({ ownReplication }) => [200, ownReplication.get(topic!)]),
  ],
  [
    'DELETE',
    /^persistent\/([^/]+\/[^/]+)\/([^/]+)\/replication$/,
    (state, [name, topic]) => within(state, name!, ({ ownReplication }) => (ownReplication.delete(topic!), [204])),
  ],
  [
    'GET',
    /^persistent\/([^/]+\/[^/]+)\/([^/]+)\/(retention|messageTTL|offloadPolicies)$/,
    (state, [name, topic, policy]) => within(state, name!, ({ ownPolicies }) => [200, ownPolicies?.get(`${topic}/${policy}`)]),
  ],
  [
    'DELETE',
    /^persistent\/([^/]+\/[^/]+)\/([^/]+)\/(retention|messageTTL)$/,
    (state, [name, topic, policy]) =>
      within(state, name!, ({ ownPolicies }) => (ownPolicies?.delete(`${topic}/${policy}`), [204])),
  ],
  [
    'DELETE',
    /^persistent\/([^/]+\/[^/]+)\/([^/]+)\/permissions\/([^/]+)$/,
    (state, [name, topic, role]) =>
      within(state, name!, ({ policies }) => {
        const auth = policies['auth_policies'] as { destination_auth?: Record<string, Record<string, unknown>> } | undefined;
        delete auth?.destination_auth?.[`persistent://${name}/${topic}`]?.[role!];
        return [204];
      }),
  ],
];

function made<T>(map: Map<string, T>, name: string, value: T): Answer {
  if (map.has(name)) return [409, { reason: 'there already' }];
  map.set(name, value);
  return [204];
}

function within(state: State, name: string, answer: (namespace: Namespace) => Answer): Answer {
  const namespace = state.namespaces.get(name);
  return namespace === undefined ? notFound : answer(namespace);
}

/** An admin API that keeps what it is told. Throws, by answering 500, for a call that it does not know. */
export async function fakePulsar() {
  const state: State = { clusters: new Map(), tenants: new Map(), namespaces: new Map() };
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (part: Buffer) => (text += part.toString()));
    request.on('end', () => {
      const path = request.url!.replace('/admin/v2/', '').replace(/\?.*$/, '');
      const route = routes.find(([method, shape]) => (method === '*' || method === request.method) && shape.test(path));
      const parts = (route?.[1].exec(path) ?? []).slice(1).map(decodeURIComponent);
      const [status, body] = route?.[2](state, parts, text === '' ? undefined : JSON.parse(text)) ?? [
        500,
        { reason: 'unknown' },
      ];
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body === undefined ? '' : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    state,
    adminUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
