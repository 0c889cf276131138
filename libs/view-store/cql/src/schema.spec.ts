import { describe, expect, it } from '@jest/globals';

import { parseCqlUrl } from './cql-url.js';
import { migrations } from './ddl.js';
import { rowOf } from './fake-session.fixture.js';
import { openSchema } from './schema.js';
import type { CqlRow, Session, Statement } from './session.js';

/** A keyspace in which these migrations are recorded, and with these columns in the table of streams. */
function keyspaceWith(recorded: number, columns: readonly string[]) {
  const defined: string[] = [];
  const made = migrations.slice(0, recorded).map(({ number }) => `migration/${String(number).padStart(4, '0')}`);
  const session: Partial<Session> = {
    read: async ({ query, params }: Statement): Promise<readonly CqlRow[]> => {
      if (query.includes('keyspaces')) return [rowOf({})];
      if (query.includes('columns')) return columns.includes(params.at(-1) as string) ? [rowOf({})] : [];
      return made.map((item) => rowOf({ item }));
    },
    transact: async ([statement]) => {
      const item = statement!.params[0] as string;
      if (statement!.query.startsWith('INSERT') && item.startsWith('migration/')) made.push(item);
      return { applied: true, row: undefined };
    },
    define: async (query) => void defined.push(query),
  };
  const schema = openSchema(parseCqlUrl('cql://db?dialect=cassandra', 'cheating-team'), session as Session);
  return { schema, defined, made };
}

const alterations = (defined: readonly string[]): readonly string[] => defined.filter((query) => query.startsWith('ALTER'));
const creations = (defined: readonly string[]): readonly string[] =>
  defined.filter((query) => query.includes('"_streams"') && query.startsWith('CREATE'));

describe('migrations', () => {
  it('are all made in a new keyspace, and recorded', async () => {
    const { schema, defined, made } = keyspaceWith(0, []);
    await schema.migrate();
    expect(creations(defined)).toHaveLength(1);
    expect(alterations(defined)).toEqual([expect.stringMatching(/ADD fence bigint static$/)]);
    expect(made).toHaveLength(migrations.length);
  });

  it('bring streams of before a fence', async () => {
    const { schema, defined, made } = keyspaceWith(2, ['version']);
    await schema.migrate();
    expect(creations(defined)).toEqual([]);
    expect(alterations(defined)).toHaveLength(1);
    expect(made).toHaveLength(migrations.length);
  });

  it('do not add a column that is there, where whoever added it died before saying so', async () => {
    const { schema, defined, made } = keyspaceWith(2, ['version', 'fence']);
    await schema.migrate();
    expect(alterations(defined)).toEqual([]);
    expect(made).toHaveLength(migrations.length);
  });

  it('are not made again', async () => {
    const { schema, defined } = keyspaceWith(migrations.length, ['version', 'fence']);
    await schema.migrate();
    expect(creations(defined)).toEqual([]);
    expect(alterations(defined)).toEqual([]);
  });
});
