import { namespaceOf } from '../compile/pulsar.js';
import type { Draft, Section } from '../parse/draft.js';
import type { Found } from '../parse/policy-fault.js';

/** As the envelope of an event takes it, and Pulsar as the name of a cluster and of a namespace. */
const namePattern = /^[a-z][a-z0-9-]{0,31}$/;
const nameRule = 'lower case letters, digits and hyphens, beginning with a letter, at most 32';

/** A keyspace begins with it, so it is an identifier of CQL as well, which has no hyphens and 48 characters in all. */
const tenantPattern = /^[a-z][a-z0-9_]{0,14}$/;
const taken = ['pulsar', 'public', 'system', 'dse'];

const named: readonly Section[] = ['regions', 'zones', 'services'];

/** Names that Pulsar, CQL or an event's envelope would refuse, or that become the same name there. */
export const namesRule = (draft: Draft): readonly Found[] => [
  ...tenantFaults(draft.tenant),
  ...named.flatMap((section) =>
    (draft.namesOf(section) ?? []).filter((name) => !namePattern.test(name)).map((name) => badName(section, name)),
  ),
  ...globalRegion(draft),
  ...viewNames(draft),
  ...collisions(draft),
];

function tenantFaults(tenant: string | undefined): readonly Found[] {
  if (tenant === undefined) return [];
  const path = ['tenant'];
  if (!tenantPattern.test(tenant)) {
    const message = `"${tenant}" cannot be a tenant of Pulsar and the beginning of a keyspace's name: it takes lower case letters, digits and underscores, beginning with a letter, at most 15.`;
    return [{ rule: 'name', path, message }];
  }
  if (!taken.includes(tenant)) return [];
  return [{ rule: 'name', path, message: `"${tenant}" is the servers' own: choose another name.` }];
}

const badName = (section: Section, name: string): Found => ({
  rule: 'name',
  path: [section, name],
  message: `"${name}" cannot name a ${section.slice(0, -1)}, for Pulsar and the events have it as well: it takes ${nameRule}.`,
  atKey: true,
});

/** Pulsar's word for what is in all clusters: none of them can be called so. */
const globalCluster = 'global';

const globalRegion = (draft: Draft): readonly Found[] =>
  (draft.namesOf('regions') ?? [])
    .filter((name) => name === globalCluster)
    .map((name) => ({
      rule: 'name',
      path: ['regions', name],
      message: `"${name}" cannot name a region: Pulsar gives that name a meaning of its own. Choose another.`,
      atKey: true,
    }));

/** An identifier of CQL that needs no quotes, with room for the generation that a rebuild adds. */
const tablePattern = /^[a-z][a-z0-9_]{0,39}$/;

const viewNames = (draft: Draft): readonly Found[] =>
  (draft.namesOf('views') ?? [])
    .filter((name) => !tablePattern.test(name))
    .map((name) => ({
      rule: 'name',
      path: ['views', name],
      message: `"${name}" cannot name a table in CQL: it takes lower case letters, digits and underscores, beginning with a letter, at most 40.`,
      atKey: true,
    }));

/** Zones whose namespaces would be one and the same in Pulsar: `casework-eu` beside a cross-region `casework` with a region `eu`. */
function collisions({ zones, namesOf }: Draft): readonly Found[] {
  const owners = new Map<string, string>();
  return [...zones].flatMap(([zone, { kind }]): readonly Found[] => {
    const regions = kind === 'cross-region' ? (namesOf('regions') ?? []) : [undefined];
    return regions.flatMap((origin): readonly Found[] => {
      const namespace = namespaceOf({ zone, origin });
      const owner = owners.get(namespace);
      if (owner === undefined) {
        owners.set(namespace, zone);
        return [];
      }
      const message = `The zones "${owner}" and "${zone}" would both be the namespace "${namespace}" (a cross-region zone has one for each region of origin), and their data would mix: call one of them otherwise.`;
      return [{ rule: 'name_collision', path: ['zones', zone], message, atKey: true }];
    });
  });
}
