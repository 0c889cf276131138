import { readFileSync } from 'node:fs';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ClusterAddress, onlyRegions, parsePolicy } from '@ringside/data-ring';

import { fakePulsar } from './fake-pulsar.fixture.js';
import { openRingControl } from './open-ring-control.js';
import { openPulsarAdmin } from './pulsar-admin.js';
import type { RingPlan } from './ring-control.js';

const parsed = parsePolicy(readFileSync(new URL('../../../ring.yaml', import.meta.url), 'utf8'));
if (!parsed.ok) throw new Error('ring.yaml is no policy.');
const policy = onlyRegions(parsed.value, ['eu', 'us']);
const by = 'an-operator';

type Fake = Awaited<ReturnType<typeof fakePulsar>>;
let eu: Fake;
let us: Fake;
beforeEach(async () => {
  [eu, us] = [await fakePulsar(), await fakePulsar()];
});
afterEach(() => Promise.all([eu.close(), us.close()]));

const plainAddresses = (): Readonly<Record<string, ClusterAddress>> => ({
  eu: { serviceUrl: eu.adminUrl, brokerServiceUrl: 'pulsar://eu:6650' },
  us: { serviceUrl: us.adminUrl, brokerServiceUrl: 'pulsar+ssl://us:6651' },
});

function control(addresses = plainAddresses()) {
  const token = async (): Promise<undefined> => undefined;
  const admins = Object.entries({ eu, us }).map(([region, { adminUrl }]) =>
    openPulsarAdmin({ policy, region, adminUrl, token, addresses }),
  );
  return openRingControl({ policy, admins, logs: [] });
}

const atsOf = ({ regions }: RingPlan) =>
  regions.flatMap(({ differences }) => differences.map(({ region, at }) => `${region} ${at}`));

describe("a region's Pulsar", () => {
  it('is set to what the policy says, through its admin API, and read back as that', async () => {
    const done = await control().apply({ by });
    expect([atsOf(done), done.held]).toEqual([[], []]);
    expect(eu.state.tenants.get('ringside')).toEqual({ adminRoles: [], allowedClusters: ['eu', 'us'] });
    expect(eu.state.namespaces.get('ringside/evidence')!.policies).toMatchObject({
      replication_clusters: ['eu'],
      retention_policies: { retentionTimeInMinutes: -1, retentionSizeInMB: -1 },
      message_ttl_in_seconds: 0,
      deduplicationEnabled: true,
      autoTopicCreationOverride: { allowAutoTopicCreation: false },
      auth_policies: { namespace_auth: { 'report-intake': ['produce'] } },
    });
    expect([...eu.state.namespaces.get('ringside/casework-us')!.topics]).toEqual([['cases.us', 8]]);
    expect(eu.state.clusters.get('us')).toEqual({
      serviceUrlTls: us.adminUrl,
      brokerServiceUrlTls: 'pulsar+ssl://us:6651',
      brokerClientTlsEnabled: true,
    });
    expect((await control().apply({ by })).taken).toEqual([]);
  });

  it('shows whatever somebody changed by hand, and is mended', async () => {
    await control().apply({ by });
    const { policies, topics } = us.state.namespaces.get('ringside/evidence')!;
    Object.assign(policies, {
      replication_clusters: ['us', 'eu'],
      retention_policies: { retentionTimeInMinutes: 60, retentionSizeInMB: 1 },
      offload_policies: { managedLedgerOffloadThresholdInBytes: 5 },
      backlog_quota_map: { destination_storage: { limitSize: 1, limitTime: 1, policy: 'consumer_backlog_eviction' } },
      message_ttl_in_seconds: 60,
      subscription_expiration_time_minutes: null,
      deduplicationEnabled: false,
      autoTopicCreationOverride: { allowAutoTopicCreation: true },
      autoSubscriptionCreationOverride: null,
      schema_compatibility_strategy: 'ALWAYS_COMPATIBLE',
      is_allow_auto_update_schema: true,
      schema_validation_enforced: true,
      auth_policies: { namespace_auth: { marketing: ['consume'] } },
    });
    topics.set('extra', 2);
    topics.delete('appeals');
    us.state.clusters.set('eu', {
      serviceUrl: 'http://elsewhere',
      brokerServiceUrl: 'pulsar://elsewhere',
      proxyServiceUrl: 'kept',
    });
    us.state.tenants.set('ringside', { adminRoles: ['operators'], allowedClusters: ['us', 'eu', 'ap'] });

    expect(atsOf(await control().plan()).sort()).toEqual(
      [
        'us cluster eu',
        'us tenant ringside: allowed clusters',
        'us namespace ringside/evidence: replication',
        ...[
          'retention_policies',
          'offload_threshold',
          'backlog_quota_map',
          'message_ttl_in_seconds',
          'deduplicationEnabled',
        ].map((name) => `us namespace ringside/evidence: ${name}`),
        ...['subscription_expiration_time_minutes', 'autoTopicCreationOverride', 'autoSubscriptionCreationOverride'].map(
          (name) => `us namespace ringside/evidence: ${name}`,
        ),
        ...['schema_compatibility_strategy', 'is_allow_auto_update_schema', 'schema_validation_enforced'].map(
          (name) => `us namespace ringside/evidence: ${name}`,
        ),
        ...['marketing', 'report-intake', 'cheating-team', 'abuse-team', 'others-triage'].map(
          (role) => `us namespace ringside/evidence: permissions of ${role}`,
        ),
        'us topic ringside/evidence/appeals',
        'us topic ringside/evidence/extra',
      ].sort(),
    );
    const mended = await control().apply({ by, accept: true });
    expect(atsOf(mended)).toEqual([]);
    expect(us.state.clusters.get('eu')).toMatchObject({ serviceUrl: eu.adminUrl, proxyServiceUrl: 'kept' });
    expect(us.state.tenants.get('ringside')).toEqual({ adminRoles: ['operators'], allowedClusters: ['us', 'eu'] });
    expect([...topics.keys()].sort()).toEqual(['appeals', 'report-evidence']);
  });

  it('finds what stands beside the namespace: of one topic, in a storage of its own, and who administers it all', async () => {
    await control().apply({ by });
    const evidence = us.state.namespaces.get('ringside/evidence')!;
    const auth = evidence.policies['auth_policies'] as Record<string, unknown>;
    auth['destination_auth'] = {
      'persistent://ringside/evidence/appeals': { marketing: ['consume'] },
      'persistent://ringside/evidence/appeals-partition-3': { sales: ['consume', 'produce'] },
    };
    const driver = { managedLedgerOffloadDriver: 'aws-s3', s3ManagedLedgerOffloadBucket: 'elsewhere' };
    evidence.policies['offload_policies'] = {
      ...driver,
      managedLedgerOffloadThresholdInBytes: 50e9,
      managedLedgerOffloadMaxThreads: 2,
    };
    evidence.ownPolicies!.set('appeals/retention', { retentionTimeInMinutes: 1, retentionSizeInMB: 1 });
    evidence.ownPolicies!.set('appeals/messageTTL', 60);
    evidence.ownPolicies!.set('report-evidence/offloadPolicies', driver);
    (us.state.tenants.get('ringside') as { adminRoles: string[] }).adminRoles.push('operators');

    const found = await control().audit({ by });
    expect(atsOf(found).sort()).toEqual(
      [
        'us topic ringside/evidence/appeals: permissions of marketing',
        'us topic ringside/evidence/appeals-partition-3: permissions of sales',
        'us topic ringside/evidence/appeals: retention',
        'us topic ringside/evidence/appeals: messageTTL',
        'us topic ringside/evidence/report-evidence: offloadPolicies',
        'us namespace ringside/evidence: offload_storage',
      ].sort(),
    );
    expect(found.regions[1]!.unenforced.map(({ reason }) => reason)).toContain(
      'Administrators of the tenant may do everything in it, whatever the policy says: operators.',
    );
    const mended = await control().apply({ by });
    expect([atsOf(mended), mended.held.map(({ reason }) => reason)]).toEqual([
      ['us namespace ringside/evidence: offload_storage', 'us topic ringside/evidence/report-evidence: offloadPolicies'],
      ['by_hand', 'by_hand'],
    ]);
  });

  it('lets a topic go where its namespace goes', async () => {
    await control().apply({ by });
    us.state.namespaces.get('ringside/evidence')!.ownReplication.set('appeals', ['us', 'eu']);
    expect(atsOf(await control().apply({ by }))).toEqual([]);
    expect(us.state.namespaces.get('ringside/evidence')!.ownReplication.size).toBe(0);
  });

  it('loses a namespace that the policy does not have only where that is accepted, and is narrowed at once', async () => {
    await control().apply({ by });
    const rogue = {
      policies: { replication_clusters: ['eu', 'us'] },
      topics: new Map([['inside', 1]]),
      ownReplication: new Map(),
    };
    eu.state.namespaces.set('ringside/rogue', rogue);
    const refused = await control().apply({ by });
    expect(atsOf(refused)).toEqual(['eu namespace ringside/rogue']);
    expect(rogue.policies.replication_clusters).toEqual(['eu']);
    await control().apply({ by, accept: true });
    expect(eu.state.namespaces.has('ringside/rogue')).toBe(false);
  });

  it('says what it holds nobody to, by its own configuration', async () => {
    const [found] = (await control().plan()).regions;
    expect(found!.unenforced.map(({ kind, isTaken }) => [kind, isTaken])).toEqual([
      ['permission', true],
      ['policy', true],
      ['replication', true],
    ]);
  });

  it('that nobody answers for is unreachable, and the other is set', async () => {
    await us.close();
    const done = await control().apply({ by });
    expect(done.regions.map(({ state }) => state)).toEqual(['differs', 'unreachable']);
    expect(eu.state.namespaces.get('ringside/global')!.policies['replication_clusters']).toEqual(['eu']);
    us = await fakePulsar();
  });
});
