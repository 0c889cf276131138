import { describe, expect, it } from '@jest/globals';
import { UnavailableError } from '@ringside/core';

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

const tableNames = Array.from({ length: 12 }, (_, i) => `t${i}`);

/**
 * A keyspace whose server keeps time: each change takes half a minute, which is as long as it may. It refuses and expires as the server
 * does; as ScyllaDB, it gives the row of what it has applied, too.
 *
 * @param afterChange told how many there were, may give the lock to somebody else.
 */
function keyspaceInTime(existing: readonly string[], afterChange: (count: number) => string | undefined = () => undefined) {
  let now = 0;
  let lock: { owner: string; until: number } | undefined;
  const changes: { query: string; isLocked: boolean }[] = [];
  const held = () => (lock !== undefined && lock.until > now ? lock : undefined);
  const session: Partial<Session> = {
    read: async (): Promise<readonly CqlRow[]> => existing.map((name) => rowOf({ table_name: name })),
    transact: async ([statement]) => {
      const { query, params } = statement!;
      const before = held();
      const applied = query.startsWith('INSERT') ? before === undefined : before?.owner === params.at(-1);
      const seconds = Number(/USING TTL (\d+)/.exec(query)?.[1] ?? Infinity);
      if (applied && query.startsWith('DELETE')) lock = undefined;
      else if (applied) lock = { owner: String(query.startsWith('INSERT') ? params[1] : params[0]), until: now + seconds };
      return { applied, row: rowOf({ '[applied]': applied, item: before && 'lock', detail: before?.owner ?? null }) };
    },
    define: async (query) => {
      now += 30;
      changes.push({ query, isLocked: held() !== undefined });
      const other = afterChange(changes.length);
      if (other !== undefined) lock = { owner: other, until: Infinity };
    },
  };
  const schema = openSchema(parseCqlUrl('cql://db?dialect=scylla', 'cheating-team'), session as Session);
  return { schema, changes, owner: () => held()?.owner };
}

describe('the lock on the schema', () => {
  it.each(['create', 'drop'] as const)('is held to the end of each change, however many there are (%s)', async (how) => {
    const { schema, changes, owner } = keyspaceInTime(how === 'create' ? [] : tableNames);
    await schema[how](tableNames);
    expect(changes.map(({ isLocked }) => isLocked)).toEqual(tableNames.map(() => true));
    expect(owner()).toBeUndefined();
  });

  it('is held through migrations', async () => {
    const { schema, changes } = keyspaceInTime([]);
    await schema.migrate();
    const isOwn = ({ query }: { query: string }) => query.includes('KEYSPACE') || query.includes('"_schema"');
    const locked = changes.filter((change) => !isOwn(change));
    expect(locked.length).toBeGreaterThanOrEqual(migrations.length);
    expect(locked.map(({ isLocked }) => isLocked)).toEqual(locked.map(() => true));
  });

  it.each(['create', 'drop'] as const)('ends the changes where somebody else has it, and stays with them (%s)', async (how) => {
    const existing = how === 'create' ? [] : tableNames;
    const { schema, changes, owner } = keyspaceInTime(existing, (count) => (count === 2 ? 'somebody else' : undefined));
    await expect(schema[how](tableNames)).rejects.toThrow(UnavailableError);
    expect(changes).toHaveLength(2);
    expect(owner()).toBe('somebody else');
  });
});
