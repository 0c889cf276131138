import type { Json } from '@ringside/core';

import { isActions, isRegions, isSet, sameValue } from './values.js';
import { offloadStorage, type Place, type Setting, textOfPlace, type WantedSetting } from './settings.js';

/** Something is set otherwise than the policy says. */
export interface Difference {
  readonly region: string;
  readonly place: Place;
  /** The place as one line. */
  readonly at: string;
  /** What asks for it: a path within the policy, or `always: ` and the reason. */
  readonly rule: string;
  /** Undefined where it should not be there. */
  readonly wanted: Json | undefined;
  /** Undefined where it is not there. */
  readonly live: Json | undefined;
  /** What is in the way of mending it: it would lose data, or nobody but a person can. */
  readonly mending: 'safe' | 'loses_data' | 'by_hand';
}

const unnamed = 'always: what the policy does not name is nowhere';
const unshared = "always: what the policy does not name stays where it is, and is nobody's";
const ofNamespace = 'always: a topic goes where its namespace goes, and is kept as that is';
const ofBrokers = 'always: what is offloaded stays in the storage of the region, which its brokers name';

/** What a region is set to, against what it should be. Pure. Empty where all is in order. */
export function diff(region: string, wanted: readonly WantedSetting[], live: readonly Setting[]): readonly Difference[] {
  const found = new Map(live.map((setting) => [textOfPlace(setting.place), setting.value]));
  const known = new Map(wanted.map(({ place, value }) => [textOfPlace(place), value]));
  const isThere = (namespace: string): boolean => found.has(textOfPlace({ kind: 'namespace', namespace }));
  const isWanted = (namespace: string): boolean => known.has(textOfPlace({ kind: 'namespace', namespace }));
  const isOfWanted = ({ place }: Setting): boolean => !('namespace' in place) || isWanted(place.namespace);

  const missing = wanted.filter(({ place, value }) => {
    // Who may do nothing may as well not be there.
    const now = found.get(textOfPlace(place)) ?? (isActions(place.kind) ? [] : undefined);
    if (place.kind === 'namespace') return now === undefined;
    // A namespace is made with its policies, and for its own region alone.
    const isBeingMade =
      'namespace' in place && place.namespace !== '' && !isThere(place.namespace) && isWanted(place.namespace);
    if (isBeingMade && place.kind === 'policy') return false;
    if (isBeingMade && place.kind === 'replication') return !sameValue([region], value);
    return now === undefined || !sameValue(now, value);
  });
  const unwanted = live.filter(({ place }) => !known.has(textOfPlace(place)));

  return [
    ...missing.map(({ place, value, rule }) =>
      differenceOf(region, place, rule, { live: found.get(textOfPlace(place)), wanted: value }),
    ),
    ...unwanted.flatMap((setting): readonly Difference[] => {
      const { place, value } = setting;
      const gone = (rule: string) => [differenceOf(region, place, rule, { live: value, wanted: undefined })];
      switch (place.kind) {
        case 'cluster':
        case 'tenant':
        case 'role':
          return [];
        case 'policy':
          return place.policy === offloadStorage ? gone(ofBrokers) : [];
        case 'replication':
          if (sameValue(value, [region])) return [];
          return [differenceOf(region, place, unshared, { live: value, wanted: [region] })];
        case 'topic-replication':
          return gone(ofNamespace);
        case 'topic-policy': {
          const [difference] = gone(ofNamespace);
          return [{ ...difference!, mending: mendingOfTopic(place, value, known) }];
        }
        case 'role-member':
          return gone(unshared);
        case 'topic':
          return isOfWanted(setting) || !isThere(place.namespace) ? gone(unnamed) : [];
        case 'permission':
        case 'topic-permission':
        case 'grant':
          return isEmptySet(value) ? [] : gone(unshared);
        case 'namespace':
        case 'keyspace':
          return gone(unnamed);
      }
    }),
  ];
}

const isEmptySet = (value: Json): boolean => Array.isArray(value) && value.length === 0;

function differenceOf(
  region: string,
  place: Place,
  rule: string,
  { live, wanted }: Pick<Difference, 'live' | 'wanted'>,
): Difference {
  return { region, place, at: textOfPlace(place), rule, wanted, live, mending: mendingOf(place, live, wanted) };
}

function mendingOf(place: Place, live: Json | undefined, wanted: Json | undefined): Difference['mending'] {
  // A role for all keyspaces may be that of backups, or of whoever runs the servers: nobody takes it away in passing.
  if (place.kind === 'grant' && place.keyspace === '*') return 'by_hand';
  // What is there already is read from there.
  if (place.kind === 'policy' && place.policy === offloadStorage) return 'by_hand';
  if (place.kind === 'role-member') return 'safe';
  if (live === undefined || isSet(place.kind)) return 'safe';
  if (wanted === undefined) return 'loses_data';
  switch (place.kind) {
    case 'topic':
      // Another number of partitions moves keys to other ones, and they lose their order.
      return 'by_hand';
    case 'keyspace':
      // Servers move no rows when the data centre changes: with none of the old ones kept, all of them would be gone.
      return Object.keys(live as object).some((datacenter) => Object.hasOwn(wanted as object, datacenter)) ? 'safe' : 'by_hand';
    case 'policy':
      return losesRecords(place.policy, wanted, live) ? 'loses_data' : 'safe';
    default:
      return 'safe';
  }
}

/** Of what one topic has for itself: without it the namespace's holds, which may keep less. */
function mendingOfTopic(
  { namespace, policy }: Extract<Place, { readonly kind: 'topic-policy' }>,
  live: Json,
  wanted: ReadonlyMap<string, Json>,
): Difference['mending'] {
  if (policy === 'offloadPolicies') return 'by_hand';
  const name = policy === 'retention' ? 'retention_policies' : 'message_ttl_in_seconds';
  const then = wanted.get(textOfPlace({ kind: 'policy', namespace, policy: name }));
  return then !== undefined && losesRecords(name, then, live) ? 'loses_data' : 'safe';
}

/** Whether records that are kept now would not be any more. */
function losesRecords(policy: string, wanted: Json, live: Json): boolean {
  if (policy === 'message_ttl_in_seconds') return ttlOf(wanted) < ttlOf(live);
  if (policy !== 'retention_policies') return false;
  return ['retentionTimeInMinutes', 'retentionSizeInMB'].some((field) => limitOf(wanted, field) < limitOf(live, field));
}

/** Pulsar's 0 keeps nothing that is read, and -1 everything. Where nobody has set it the broker's default holds, and that may be all. */
function limitOf(value: Json, field: string): number {
  const limit = (value as Record<string, number> | null)?.[field] ?? -1;
  return limit < 0 ? Infinity : limit;
}

/** After how long what nobody has read counts as read; 0, and nothing, stand for never. */
const ttlOf = (value: Json): number => (typeof value === 'number' && value > 0 ? value : Infinity);

/** A difference as an auditor reads it: never longer than the record of a run takes. */
export function textOfValue(place: Place, value: Json | undefined): string {
  if (value === undefined)
    return place.kind === 'topic-replication' || place.kind === 'topic-policy'
      ? 'as its namespace'
      : isSet(place.kind)
        ? 'none'
        : 'not there';
  if (place.kind === 'namespace' || place.kind === 'role' || place.kind === 'role-member') return 'there';
  if (place.kind === 'topic') return `${value as number} partitions`;
  if (isRegions(place.kind) || isSet(place.kind)) return (value as readonly string[]).join(', ') || 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
