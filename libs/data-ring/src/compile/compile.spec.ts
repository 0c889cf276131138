import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { parsePolicy } from '../parse/parse-policy.js';
import type { RingPolicy } from '../policy.js';
import { compileCql } from './cql.js';
import { compileEmbedded } from './embedded.js';
import { onlyRegions } from './only-regions.js';
import { compilePulsar } from './pulsar.js';
import { type Place, textOfPlace, type WantedSetting } from './settings.js';

const text = readFileSync(resolve(import.meta.dirname, '../../../../ring.yaml'), 'utf8');
const parsed = parsePolicy(text);
if (!parsed.ok) throw new Error('ring.yaml is no policy.');
const policy: RingPolicy = parsed.value;

const valuesOf = (settings: readonly WantedSetting[], kind: Place['kind']) =>
  Object.fromEntries(
    settings.filter(({ place }) => place.kind === kind).map(({ place, value }) => [textOfPlace(place), value]),
  );

describe('the policy for Pulsar', () => {
  it('replicates each namespace to the regions of its zone, from the regions that have it', () => {
    const replication = (region: string) => valuesOf(compilePulsar(policy, region), 'replication');
    expect(replication('eu')).toEqual({
      'namespace ringside/global: replication': ['eu', 'us', 'ap'],
      'namespace ringside/control: replication': ['eu', 'us', 'ap'],
      'namespace ringside/casework-eu: replication': ['eu', 'us'],
      'namespace ringside/casework-us: replication': ['eu', 'us'],
      'namespace ringside/evidence: replication': ['eu'],
    });
    expect(replication('ap')).toEqual({
      'namespace ringside/global: replication': ['eu', 'us', 'ap'],
      'namespace ringside/control: replication': ['eu', 'us', 'ap'],
      'namespace ringside/casework-ap: replication': ['us', 'ap'],
      'namespace ringside/evidence: replication': ['ap'],
    });
    expect(Object.keys(replication('us'))).toContain('namespace ringside/casework-ap: replication');
  });

  it('has the topics of a zone in its namespace, with the partitions of the contract', () => {
    expect(valuesOf(compilePulsar(policy, 'ap'), 'topic')).toEqual({
      'topic ringside/global/reports': 8,
      'topic ringside/global/sanctions': 8,
      'topic ringside/global/reporters': 8,
      'topic ringside/control/ring': 1,
      'topic ringside/casework-ap/cases.ap': 8,
      'topic ringside/evidence/report-evidence': 8,
      'topic ringside/evidence/appeals': 8,
    });
  });

  it('lets services do what the policy says, and produce to the casework of another region only in its successor', () => {
    const permissions = (region: string) => valuesOf(compilePulsar(policy, region), 'permission');
    expect(permissions('eu')).toMatchObject({
      'namespace ringside/evidence: permissions of report-intake': ['produce'],
      'namespace ringside/evidence: permissions of cheating-team': ['consume'],
      'namespace ringside/casework-us: permissions of cheating-team': ['consume', 'produce'],
      'namespace ringside/global: permissions of report-intake': ['consume', 'produce'],
    });
    expect(permissions('eu')).not.toHaveProperty(['namespace ringside/evidence: permissions of platform']);
    expect(permissions('eu')).not.toHaveProperty(['namespace ringside/casework-eu: permissions of report-intake']);
    const alone = { ...policy, regions: { ...policy.regions, us: { ...policy.regions['us']!, successors: [] } } };
    expect(valuesOf(compilePulsar(alone, 'eu'), 'permission')).toMatchObject({
      'namespace ringside/casework-us: permissions of cheating-team': ['consume'],
    });
  });

  it('lets unread messages expire where the policy says so, and nowhere else', () => {
    const evidence = policy.zones['evidence']!;
    const retention = { ...evidence.retention, messageTtlHours: 36 };
    const compiled = compilePulsar({ ...policy, zones: { ...policy.zones, evidence: { ...evidence, retention } } }, 'eu');
    const expiring = compiled.filter(
      ({ place, value }) => place.kind === 'policy' && place.policy === 'message_ttl_in_seconds' && value !== 0,
    );
    expect(expiring).toEqual([
      {
        place: { kind: 'policy', namespace: 'ringside/evidence', policy: 'message_ttl_in_seconds' },
        value: 129_600,
        rule: 'zones.evidence.retention.messageTtl',
      },
    ]);
  });

  it('sets every policy of a namespace, and says by which rule', () => {
    const evidence = policy.zones['evidence']!;
    const retention = { hours: 720, lagHoursMax: 24, offloadBytes: 1_000_000 };
    const changed = { ...policy, zones: { ...policy.zones, evidence: { ...evidence, retention } } };
    const policies = compilePulsar(changed, 'eu').filter(
      ({ place }) => place.kind === 'policy' && place.namespace === 'ringside/evidence',
    );
    const byName = Object.fromEntries(
      policies.map(({ place, value, rule }) => [place.kind === 'policy' ? place.policy : '', [value, rule]]),
    );
    expect(byName).toMatchObject({
      retention_policies: [{ retentionTimeInMinutes: 43_200, retentionSizeInMB: -1 }, 'zones.evidence.retention.keep'],
      offload_threshold: [1_000_000, 'zones.evidence.retention.offloadAfter'],
      message_ttl_in_seconds: [0, expect.stringMatching(/^always: /)],
      subscription_expiration_time_minutes: [0, expect.anything()],
      deduplicationEnabled: [true, expect.anything()],
      autoTopicCreationOverride: [{ allowAutoTopicCreation: false }, expect.anything()],
      schema_compatibility_strategy: ['FULL', expect.anything()],
      backlog_quota_map: [{ destination_storage: expect.objectContaining({ limitTime: -1 }) }, expect.anything()],
    });
    for (const [, rule] of Object.values(byName)) expect(rule).not.toContain('undefined');
    const [namespace] = compilePulsar(changed, 'eu').filter(
      ({ place }) => textOfPlace(place) === 'namespace ringside/evidence',
    );
    expect(namespace!.value).toEqual(Object.fromEntries(Object.entries(byName).map(([name, [value]]) => [name, value])));
  });

  it('knows the clusters and allows the tenant the regions that something of here goes to, and no others', () => {
    const addresses = { ap: { serviceUrl: 'http://ap', brokerServiceUrl: 'pulsar://ap' } };
    const cut = { ...policy, zones: { casework: policy.zones['casework']!, evidence: policy.zones['evidence']! } };
    expect(valuesOf(compilePulsar(cut, 'eu', addresses), 'tenant')).toEqual({
      'tenant ringside: allowed clusters': ['eu', 'us'],
    });
    expect(valuesOf(compilePulsar(cut, 'eu', addresses), 'cluster')).toEqual({});
    expect(valuesOf(compilePulsar(policy, 'eu', addresses), 'cluster')).toEqual({ 'cluster ap': addresses.ap });
  });
});

describe('the policy for CQL', () => {
  it('gives each service a keyspace in the data centre of the region, which it alone may use', () => {
    const settings = compileCql(policy, 'eu', { datacenter: 'eu-central', replication: 3 });
    expect(valuesOf(settings, 'keyspace')).toMatchObject({ 'keyspace ringside_report_intake': { 'eu-central': 3 } });
    expect(Object.keys(valuesOf(settings, 'role'))).toEqual(Object.keys(policy.services).map((name) => `role ${name}`));
    const grants = valuesOf(settings, 'grant');
    expect(Object.keys(grants)).toHaveLength(Object.keys(policy.services).length);
    expect(grants['keyspace ringside_report_intake: grants to report-intake']).toEqual(
      expect.arrayContaining(['SELECT', 'MODIFY']),
    );
  });
});

describe('the policy for an embedded log', () => {
  it('is its topics', () => {
    expect(Object.keys(valuesOf(compileEmbedded(policy, 'ap'), 'topic'))).toContain('topic embedded/cases.ap');
    expect(Object.keys(valuesOf(compileEmbedded(policy, 'eu'), 'topic'))).not.toContain('topic embedded/cases.ap');
  });
});

describe('a policy for some of its regions', () => {
  it('sends nothing to the others', () => {
    const part = onlyRegions(policy, ['eu', 'us']);
    const said = JSON.stringify(compilePulsar(part, 'us'));
    expect(said).not.toMatch(/\bap\b|casework-ap/);
    expect(part.regions['eu']!.successors).toEqual(['us']);
  });

  it('has to be of regions that it has', () => {
    expect(() => onlyRegions(policy, ['eu', 'mars'])).toThrow(/"mars": it has eu, us, ap/);
    expect(() => onlyRegions(policy, [])).toThrow(RangeError);
  });
});
