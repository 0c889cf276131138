import type { RingPolicy } from '../policy.js';
import type { WantedSetting } from './settings.js';

export interface CqlPlace {
  /** The region's data centre: the only one that keeps its views. */
  readonly datacenter: string;
  /** How many nodes of it keep each row. */
  readonly replication: number;
}

/** A service makes, alters and drops the tables of its own views, reads them and writes them. It needs nothing else. */
const ownKeyspace = ['ALTER', 'CREATE', 'DROP', 'MODIFY', 'SELECT'];

/** The keyspace of a service's views; the CQL driver has the same rule. */
export const keyspaceOf = (tenant: string, service: string): string => `${tenant}_${service}`.replaceAll('-', '_');

/** What the CQL servers of a region are to be set to: each service has a keyspace, and nobody else may look into it. */
export function compileCql(policy: RingPolicy, region: string, place: CqlPlace): readonly WantedSetting[] {
  return Object.keys(policy.services).flatMap((service): readonly WantedSetting[] => {
    const keyspace = keyspaceOf(policy.tenant, service);
    return [
      {
        place: { kind: 'keyspace', keyspace },
        value: { [place.datacenter]: place.replication },
        rule: `regions.${region}`,
      },
      { place: { kind: 'role', role: service }, value: true, rule: `services.${service}` },
      {
        place: { kind: 'grant', keyspace, role: service },
        value: ownKeyspace,
        rule: 'always: a service reads and writes its own views only',
      },
    ];
  });
}
