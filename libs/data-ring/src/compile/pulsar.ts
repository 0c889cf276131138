import { type PlacedTopic, placedTopics } from '../placement.js';
import type { RingPolicy, ServicePolicy, ZonePolicy } from '../policy.js';
import { mayWrite, reachOf } from '../reach.js';
import { namespacePolicies, reasonOfPolicy } from './namespace-policies.js';
import type { WantedSetting } from './settings.js';

/** Where a region's Pulsar is for those of other regions. */
export interface ClusterAddress {
  /** Of its admin API. */
  readonly serviceUrl: string;
  readonly brokerServiceUrl: string;
}

/** A zone's namespace: one, or one for each region of origin. */
interface Namespace {
  /** `tenant/name`. */
  readonly name: string;
  readonly zoneName: string;
  readonly zone: ZonePolicy;
  readonly origin: string | undefined;
  /** Where it is, in the order of the policy. */
  readonly regions: readonly string[];
  /** Regions that its records go to from one of these. */
  readonly replicated: (from: string) => readonly string[];
  readonly rule: string;
}

/** Name of the namespace that a topic is in, without the tenant. */
export const namespaceOf = ({ zone, origin }: Pick<PlacedTopic, 'zone' | 'origin'>): string =>
  origin === undefined ? zone : `${zone}-${origin}`;

/** What the Pulsar of a region is to be set to. Other regions whose address is not given are not registered in it. */
export function compilePulsar(
  policy: RingPolicy,
  region: string,
  addresses: Readonly<Record<string, ClusterAddress>> = {},
): readonly WantedSetting[] {
  const namespaces = namespacesOf(policy).filter(({ regions }) => regions.includes(region));
  const met = new Set(namespaces.flatMap(({ replicated }) => replicated(region)));
  // What is only here needs the tenant as well.
  met.add(region);
  const allowed = Object.keys(policy.regions).filter((name) => met.has(name));
  return [
    ...allowed.flatMap((cluster): readonly WantedSetting[] => {
      const address = addresses[cluster];
      if (address === undefined) return [];
      return [{ place: { kind: 'cluster', cluster }, value: { ...address }, rule: `regions.${cluster}` }];
    }),
    { place: { kind: 'tenant', tenant: policy.tenant }, value: allowed, rule: 'tenant' },
    ...namespaces.flatMap((namespace) => settingsOf(policy, region, namespace)),
  ];
}

function namespacesOf(policy: RingPolicy): readonly Namespace[] {
  const all = Object.keys(policy.regions);
  return Object.entries(policy.zones).flatMap(([zoneName, zone]): readonly Namespace[] => {
    const rule = `zones.${zoneName}.kind`;
    const common = { zoneName, zone, origin: undefined, regions: all, rule };
    const name = `${policy.tenant}/${zoneName}`;
    if (zone.kind === 'global') return [{ ...common, name, replicated: () => all }];
    if (zone.kind === 'regional') return [{ ...common, name, replicated: (from) => [from] }];
    return all.map((origin) => {
      const reached = reachOf(zone, origin, all);
      const regions = all.filter((one) => reached.includes(one));
      return {
        ...{ zoneName, zone, origin, regions, replicated: () => regions },
        name: `${policy.tenant}/${namespaceOf({ zone: zoneName, origin })}`,
        rule: `zones.${zoneName}.routes.${origin}`,
      };
    });
  });
}

function settingsOf(policy: RingPolicy, region: string, of: Namespace): readonly WantedSetting[] {
  const { name: namespace, zoneName, zone, origin } = of;
  const policies = namespacePolicies(zone.retention);
  const topics = placedTopics(policy).filter((topic) => topic.zone === zoneName && topic.origin === origin);
  return [
    { place: { kind: 'namespace', namespace }, value: policies, rule: `zones.${zoneName}` },
    { place: { kind: 'replication', namespace }, value: of.replicated(region), rule: of.rule },
    ...Object.entries(policies).map(([name, value]): WantedSetting => {
      return { place: { kind: 'policy', namespace, policy: name }, value: value!, rule: ruleOfPolicy(name, zoneName, zone) };
    }),
    ...topics.map(({ name: topic, topic: { topic: contract, partitions } }): WantedSetting => {
      return { place: { kind: 'topic', namespace, topic }, value: partitions, rule: `topics.${contract}` };
    }),
    ...Object.entries(policy.services).flatMap(([role, service]): readonly WantedSetting[] => {
      const actions = actionsOf(service, zoneName, mayWrite(policy, origin, region));
      if (actions.length === 0) return [];
      return [{ place: { kind: 'permission', namespace, role }, value: actions, rule: `services.${role}` }];
    }),
  ];
}

function ruleOfPolicy(name: string, zone: string, { retention }: ZonePolicy): string {
  if (name === 'retention_policies') return `zones.${zone}.retention.keep`;
  if (name === 'offload_threshold') return `zones.${zone}.retention.offloadAfter`;
  // Where the policy has one: it is refused where views are built from the zone.
  const isChosen = name === 'message_ttl_in_seconds' && retention.messageTtlHours !== undefined;
  return isChosen ? `zones.${zone}.retention.messageTtl` : `always: ${reasonOfPolicy[name]}`;
}

/** In the order of the alphabet, as the comparison with what is live expects of lists of this kind. */
function actionsOf({ produce, consume }: ServicePolicy, zone: string, isWritten: boolean): readonly string[] {
  return [...(consume.includes(zone) ? ['consume'] : []), ...(isWritten && produce.includes(zone) ? ['produce'] : [])];
}
