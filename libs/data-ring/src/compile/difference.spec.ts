import { describe, expect, it } from '@jest/globals';
import type { Json } from '@ringside/core';

import { diff, textOfValue } from './difference.js';
import type { Place, Setting, WantedSetting } from './settings.js';

const namespace = 'ringside/evidence';
const retention: Place = { kind: 'policy', namespace, policy: 'retention_policies' };
const kept = (minutes: number): Json => ({ retentionTimeInMinutes: minutes, retentionSizeInMB: -1 });

const wanted: readonly WantedSetting[] = [
  { place: { kind: 'cluster', cluster: 'us' }, value: { serviceUrl: 'a', brokerServiceUrl: 'b' }, rule: 'regions.us' },
  { place: { kind: 'tenant', tenant: 'ringside' }, value: ['eu', 'us'], rule: 'tenant' },
  { place: { kind: 'namespace', namespace }, value: {}, rule: 'zones.evidence' },
  { place: { kind: 'replication', namespace }, value: ['eu'], rule: 'zones.evidence.kind' },
  { place: retention, value: kept(-1), rule: 'zones.evidence.retention.keep' },
  { place: { kind: 'topic', namespace, topic: 'appeals' }, value: 8, rule: 'topics.appeals' },
  { place: { kind: 'permission', namespace, role: 'intake' }, value: ['consume', 'produce'], rule: 'services.intake' },
  { place: { kind: 'keyspace', keyspace: 'ringside_intake' }, value: { dc: 3 }, rule: 'regions.eu' },
  { place: { kind: 'role', role: 'intake' }, value: true, rule: 'services.intake' },
  { place: { kind: 'grant', keyspace: 'ringside_intake', role: 'intake' }, value: ['SELECT'], rule: 'always: own' },
];

/** What is wanted, but for this. */
const liveBut = (...changed: readonly Setting[]): readonly Setting[] => {
  const text = (place: Place): string => JSON.stringify(place);
  const others = wanted.filter(({ place }) => !changed.some((one) => text(one.place) === text(place)));
  return [...others, ...changed];
};

const found = (...changed: readonly Setting[]) =>
  diff('eu', wanted, liveBut(...changed)).map(({ at, rule, mending }) => [at, rule, mending]);

describe('a difference', () => {
  it('is none where all is as wanted, in whatever order lists and fields come', () => {
    expect(found()).toEqual([]);
    expect(
      found(
        { place: { kind: 'permission', namespace, role: 'intake' }, value: ['produce', 'consume'] },
        { place: { kind: 'cluster', cluster: 'us' }, value: { brokerServiceUrl: 'b', serviceUrl: 'a' } },
      ),
    ).toEqual([]);
  });

  it('names the place, the rule, and whether mending it loses data', () => {
    expect(found({ place: { kind: 'replication', namespace }, value: ['eu', 'us'] })).toEqual([
      ['namespace ringside/evidence: replication', 'zones.evidence.kind', 'safe'],
    ]);
    expect(found({ place: { kind: 'topic', namespace, topic: 'appeals' }, value: 4 })).toEqual([
      ['topic ringside/evidence/appeals', 'topics.appeals', 'by_hand'],
    ]);
    expect(found({ place: { kind: 'keyspace', keyspace: 'ringside_intake' }, value: { dc: 3, other: 3 } })).toEqual([
      ['keyspace ringside_intake', 'regions.eu', 'safe'],
    ]);
    expect(found({ place: { kind: 'cluster', cluster: 'us' }, value: { serviceUrl: 'a', brokerServiceUrl: 'evil' } })).toEqual([
      ['cluster us', 'regions.us', 'safe'],
    ]);
  });

  it('loses data where less is to be kept than is kept now', () => {
    const lessWanted = wanted.map((one) => (one.place === retention ? { ...one, value: kept(60) } : one));
    expect(diff('eu', lessWanted, wanted).map(({ mending }) => mending)).toEqual(['loses_data']);
    expect(diff('eu', wanted, lessWanted).map(({ mending }) => mending)).toEqual(['safe']);
  });

  it('loses data where a namespace that nobody has set anything of is to keep less than for ever', () => {
    const never = liveBut({ place: retention, value: null });
    const lessWanted = wanted.map((one) => (one.place === retention ? { ...one, value: kept(60) } : one));
    expect(diff('eu', lessWanted, never).map(({ mending }) => mending)).toEqual(['loses_data']);
    expect(diff('eu', wanted, never).map(({ mending }) => mending)).toEqual(['safe']);
  });

  it.each([
    [0, 60, 'loses_data'],
    [null, 60, 'loses_data'],
    [120, 60, 'loses_data'],
    [60, 120, 'safe'],
    [60, 0, 'safe'],
  ])('of a message TTL of %j that is to be %j: mending it is %s', (live, to, mending) => {
    const place: Place = { kind: 'policy', namespace, policy: 'message_ttl_in_seconds' };
    const asked = [...wanted, { place, value: to, rule: 'zones.evidence.retention.messageTtl' }];
    expect(diff('eu', asked, liveBut({ place, value: live })).map((one) => one.mending)).toEqual([mending]);
  });

  it.each([
    [{ other: 3 }, 'by_hand'],
    [{ replication_factor: 1 }, 'by_hand'],
    [{ other: 3, dc: 1 }, 'safe'],
    [{ dc: 1 }, 'safe'],
  ])('of a keyspace that is in %j: mending it is %s', (live, mending) => {
    const place: Place = { kind: 'keyspace', keyspace: 'ringside_intake' };
    expect(found({ place, value: live })).toEqual([['keyspace ringside_intake', 'regions.eu', mending]]);
  });

  it('is also what nobody wants: namespaces, topics, keyspaces with their data, and whoever may use them', () => {
    expect(
      found(
        { place: { kind: 'namespace', namespace: 'ringside/rogue' }, value: true },
        { place: { kind: 'replication', namespace: 'ringside/rogue' }, value: ['eu', 'us'] },
        { place: { kind: 'policy', namespace: 'ringside/rogue', policy: 'retention_policies' }, value: kept(1) },
        { place: { kind: 'topic', namespace: 'ringside/rogue', topic: 'inside' }, value: 1 },
        { place: { kind: 'topic', namespace, topic: 'extra' }, value: 0 },
        { place: { kind: 'topic-replication', namespace, topic: 'appeals' }, value: ['eu', 'us'] },
        { place: { kind: 'permission', namespace, role: 'marketing' }, value: ['consume'] },
        { place: { kind: 'keyspace', keyspace: 'ringside_old' }, value: { dc: 1 } },
        { place: { kind: 'grant', keyspace: 'ringside_intake', role: 'marketing' }, value: ['SELECT'] },
        { place: { kind: 'role', role: 'somebody' }, value: true },
        { place: { kind: 'cluster', cluster: 'ap' }, value: {} },
      ).map(([at, , mending]) => [at, mending]),
    ).toEqual([
      ['namespace ringside/rogue', 'loses_data'],
      ['namespace ringside/rogue: replication', 'safe'],
      ['topic ringside/evidence/extra', 'loses_data'],
      ['topic ringside/evidence/appeals: replication', 'safe'],
      ['namespace ringside/evidence: permissions of marketing', 'safe'],
      ['keyspace ringside_old', 'loses_data'],
      ['keyspace ringside_intake: grants to marketing', 'safe'],
    ]);
  });

  it('is also what stands beside a namespace, or beside a role: for one topic, in another storage, by being another role', () => {
    const topic = { namespace, topic: 'appeals' };
    const lessWanted = wanted.map((one) => (one.place === retention ? { ...one, value: kept(60) } : one));
    const own: Setting = { place: { kind: 'topic-policy', ...topic, policy: 'retention' }, value: kept(120) };
    expect(
      found(
        own,
        { place: { kind: 'topic-policy', ...topic, policy: 'messageTTL' }, value: 60 },
        {
          place: { kind: 'topic-policy', ...topic, policy: 'offloadPolicies' },
          value: { managedLedgerOffloadDriver: 'aws-s3' },
        },
        { place: { kind: 'topic-permission', ...topic, role: 'marketing' }, value: ['consume'] },
        { place: { kind: 'policy', namespace, policy: 'offload_storage' }, value: { managedLedgerOffloadDriver: 'aws-s3' } },
        { place: { kind: 'role-member', role: 'marketing', of: 'intake' }, value: true },
      ).map(([at, , mending]) => [at, mending]),
    ).toEqual([
      ['topic ringside/evidence/appeals: retention', 'safe'],
      ['topic ringside/evidence/appeals: messageTTL', 'safe'],
      ['topic ringside/evidence/appeals: offloadPolicies', 'by_hand'],
      ['topic ringside/evidence/appeals: permissions of marketing', 'safe'],
      ['namespace ringside/evidence: offload_storage', 'by_hand'],
      ['role marketing: member of intake', 'safe'],
    ]);
    expect(diff('eu', lessWanted, [...lessWanted, own]).map(({ mending }) => mending)).toEqual(['loses_data']);
  });

  it('of a namespace that is not there says so once, and what it is to have besides its policies', () => {
    const without = wanted.filter(({ place }) => !('namespace' in place));
    expect(diff('eu', wanted, without).map(({ at }) => at)).toEqual([
      'namespace ringside/evidence',
      'topic ringside/evidence/appeals',
      'namespace ringside/evidence: permissions of intake',
    ]);
  });

  it('can be read', () => {
    const [retained] = diff('eu', wanted, liveBut({ place: retention, value: kept(60) }));
    expect([retained!.live, retained!.wanted].map((value) => textOfValue(retention, value))).toEqual([
      '{"retentionTimeInMinutes":60,"retentionSizeInMB":-1}',
      '{"retentionTimeInMinutes":-1,"retentionSizeInMB":-1}',
    ]);
    const topic: Place = { kind: 'topic', namespace, topic: 'appeals' };
    expect([undefined, 8].map((value) => textOfValue(topic, value))).toEqual(['not there', '8 partitions']);
    const replication: Place = { kind: 'replication', namespace };
    expect([undefined, ['eu', 'us']].map((value) => textOfValue(replication, value))).toEqual(['none', 'eu, us']);
  });
});
