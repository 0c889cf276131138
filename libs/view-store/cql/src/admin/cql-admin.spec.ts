import { describe, expect, it } from '@jest/globals';
import cassandra from 'cassandra-driver';

import { parseCqlUrl } from '../cql-url.js';
import { rowOf } from '../fake-session.fixture.js';
import { adminOver } from './cql-admin.js';

interface Granted {
  readonly role: string;
  readonly resource: string;
  readonly permission: string;
}

const roles = [
  { role: 'cassandra', super: true },
  { role: 'admin', super: false },
  { role: 'cheating-team', super: false },
  { role: 'marketing', super: false },
];

function admin(granted: readonly Granted[], refusal?: Error, dialect = 'cassandra') {
  const defined: string[] = [];
  const settings = parseCqlUrl(`cql://admin:secret@host?dialect=${dialect}&datacenter=eu-central&replication=3`, 'admin');
  const read = async ({ query }: { readonly query: string }) => {
    if (query.startsWith('LIST') && refusal !== undefined) throw refusal;
    if (query === 'LIST ROLES') return roles.map(rowOf);
    const [, of] = /^LIST ROLES OF "(.+)" NORECURSIVE$/.exec(query) ?? [];
    if (of !== undefined) return [{ role: of }, ...(of === 'marketing' ? [{ role: 'cheating-team' }] : [])].map(rowOf);
    if (query === 'LIST ALL PERMISSIONS') return granted.map((one) => rowOf({ ...one }));
    const keyspaces = [
      { keyspace_name: 'system', replication: { class: 'LocalStrategy' } },
      { keyspace_name: 'ringside_platform', replication: { class: 'NetworkTopologyStrategy', 'eu-central': '3' } },
    ];
    return keyspaces.map(rowOf);
  };
  const define = async (query: string): Promise<void> => void defined.push(query);
  return { ...adminOver(settings, { read, define }, async () => undefined), defined };
}

const own = (permission: string, resource = '<keyspace ringside_cheating_team>'): Granted => {
  return { role: 'cheating-team', resource, permission };
};

describe('the administration of CQL servers', () => {
  it('knows its data centre, and the keyspaces of the ring with their replicas', async () => {
    const { place, keyspaces } = admin([]);
    expect(place).toEqual({ datacenter: 'eu-central', replication: 3 });
    expect([...(await keyspaces('ringside_'))]).toEqual([['ringside_platform', { 'eu-central': 3 }]]);
  });

  it('makes a keyspace, or sets the replicas of one that is there', async () => {
    const { putKeyspace, defined } = admin([]);
    await putKeyspace('ringside_platform', { 'eu-central': 3 });
    const by = "replication = {'class': 'NetworkTopologyStrategy', 'eu-central': 3}";
    expect(defined).toEqual([
      `CREATE KEYSPACE IF NOT EXISTS "ringside_platform" WITH ${by} AND durable_writes = true`,
      `ALTER KEYSPACE "ringside_platform" WITH ${by}`,
    ]);
    const scylla = admin([], undefined, 'scylla');
    await scylla.putKeyspace('ringside_platform', { 'eu-central': 3 });
    expect(scylla.defined[0]).toMatch(/tablets = \{'enabled': false\}$/);
  });

  it('lists what roles may do with rows, wherever they got it, but not what superusers may and whoever connects', async () => {
    const { grants } = admin([
      own('SELECT'),
      own('MODIFY'),
      own('SELECT', '<table ringside_cheating_team.cases>'),
      ...['AUTHORIZE', 'UNMASK', 'SELECT_MASKED'].map((one) => own(one, '<table ringside_cheating_team.cases>')),
      { role: 'marketing', resource: '<table ringside_cheating_team.cases>', permission: 'SELECT' },
      { role: 'marketing', resource: '<all keyspaces>', permission: 'SELECT' },
      { role: 'marketing', resource: '<keyspace other>', permission: 'SELECT' },
      { role: 'marketing', resource: '<role marketing>', permission: 'ALTER' },
      { role: 'cassandra', resource: '<keyspace ringside_cheating_team>', permission: 'DROP' },
      { role: 'admin', resource: '<all keyspaces>', permission: 'DROP' },
    ]);
    expect(await grants('ringside_')).toEqual({
      known: true,
      value: [
        { keyspace: 'ringside_cheating_team', role: 'cheating-team', permissions: ['SELECT', 'MODIFY'] },
        { keyspace: 'ringside_cheating_team', role: 'marketing', permissions: ['SELECT'] },
        { keyspace: '*', role: 'marketing', permissions: ['SELECT'] },
      ],
    });
  });

  it('revokes where it was granted, and grants what is missing on the keyspace', async () => {
    const { setGrants, defined } = admin([
      own('SELECT'),
      own('AUTHORIZE'),
      own('MODIFY', '<table ringside_cheating_team.cases>'),
      own('DROP', '<all tables in ringside_cheating_team>'),
    ]);
    await setGrants({ keyspace: 'ringside_cheating_team', role: 'cheating-team', permissions: ['SELECT', 'MODIFY'] });
    expect(defined).toEqual([
      'REVOKE AUTHORIZE ON KEYSPACE "ringside_cheating_team" FROM "cheating-team"',
      'REVOKE DROP ON ALL TABLES IN KEYSPACE "ringside_cheating_team" FROM "cheating-team"',
      'GRANT MODIFY ON KEYSPACE "ringside_cheating_team" TO "cheating-team"',
    ]);
  });

  it('makes roles that may log in, and does not mind those that are there', async () => {
    const { createRole, defined } = admin([]);
    await createRole('report-intake');
    expect(defined).toEqual(['CREATE ROLE IF NOT EXISTS "report-intake" WITH LOGIN = true']);
  });

  it('says why it knows no roles where everybody is let in', async () => {
    const refusal = new cassandra.errors.ResponseError(0x2100, 'You have to be logged in and not anonymous');
    const open = admin([], refusal);
    const unknown = { known: false, reason: 'You have to be logged in and not anonymous' };
    expect([await open.roles(), await open.grants('ringside_')]).toEqual([unknown, unknown]);
    await expect(admin([], new Error('something else')).roles()).rejects.toThrow('something else');
  });

  it('knows who has been given which role, takes it away, and knows who may do everything besides', async () => {
    const { memberships, superusers, revokeRole, defined } = admin([]);
    expect(await memberships()).toEqual({ known: true, value: [{ role: 'marketing', of: 'cheating-team' }] });
    expect(await superusers()).toEqual({ known: true, value: ['cassandra'] });
    await revokeRole({ role: 'marketing', of: 'cheating-team' });
    expect(defined).toEqual(['REVOKE "cheating-team" FROM "marketing"']);
  });
});
