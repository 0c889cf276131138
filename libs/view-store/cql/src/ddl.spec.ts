import { describe, expect, it } from '@jest/globals';

import { parseCqlUrl } from './cql-url.js';
import { createKeyspace, createRowTable, createSchemaTable, migrations } from './ddl.js';

const settingsOf = (dialect: string) =>
  parseCqlUrl(`cql://db/eu?dialect=${dialect}&datacenter=eu-1&replication=2`, 'cheating-team');

describe('DDL', () => {
  it('turns tablets off in ScyllaDB, where they exclude transactions, and knows no such option in Cassandra', () => {
    const replication = `{'class': 'NetworkTopologyStrategy', 'eu-1': 2}`;
    const common = `CREATE KEYSPACE IF NOT EXISTS "eu_cheating_team" WITH replication = ${replication} AND durable_writes = true`;
    expect(createKeyspace(settingsOf('cassandra'))).toBe(common);
    expect(createKeyspace(settingsOf('scylla'))).toBe(`${common} AND tablets = {'enabled': false}`);
  });

  it('gives the table that is made without a lock one id per keyspace in Cassandra', () => {
    const idIn = (name: string) =>
      / AND ID = (.*)$/.exec(createSchemaTable(parseCqlUrl('cql://db?dialect=cassandra', name)))?.[1];
    expect(idIn('a')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(idIn('a')).toBe(idIn('a'));
    expect(idIn('b')).not.toBe(idIn('a'));
    expect(createSchemaTable(settingsOf('scylla'))).not.toMatch(/ID =/);
  });

  it('uses nothing that ScyllaDB lacks, with tablets or without, and can make every change twice', () => {
    const made = migrations.flatMap(({ statements, adds }) => statements('ks').map((statement) => ({ statement, adds })));
    for (const { statement, adds } of [{ statement: createRowTable('ks', 'select'), adds: undefined }, ...made]) {
      if (adds === undefined) expect(statement).toMatch(/^CREATE TABLE IF NOT EXISTS "ks"\."\w+" \(/);
      else expect(statement).toMatch(new RegExp(`^ALTER TABLE "ks"\\."${adds.table}" ADD ${adds.column} \\w+( static)?$`));
      expect(statement).not.toMatch(/counter|index|materialized/i);
    }
  });

  it('numbers migrations one after the other', () => {
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, i) => i + 1));
  });
});
