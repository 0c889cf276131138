import { describe, expect, it } from '@jest/globals';
import cassandra from 'cassandra-driver';

import { openSession, type Statement } from './session.js';

const { one } = cassandra.types.consistencies;
const rethrow = new cassandra.policies.retry.FallthroughRetryPolicy().rethrowResult();

/** A client that answers with nothing, and keeps what it was asked to do. */
function askedOf(): { readonly session: ReturnType<typeof openSession>; readonly asked: cassandra.QueryOptions[] } {
  const asked: cassandra.QueryOptions[] = [];
  const answer = async (options: cassandra.QueryOptions): Promise<object> => {
    asked.push(options);
    return { rows: [], pageState: null, first: () => ({ get: () => true }) };
  };
  const client = {
    execute: (_query: string, _params: unknown, options: cassandra.QueryOptions) => answer(options),
    batch: (_queries: unknown, options: cassandra.QueryOptions) => answer(options),
  };
  return { session: openSession(() => client as unknown as cassandra.Client), asked };
}

const statements: readonly Statement[] = [1, 2].map((n) => ({ query: `UPDATE ${n}`, params: [n] }));

describe('what the client may send again', () => {
  it.each([1, 2])('a transaction of %d statements: never, whatever a node says of it', async (count) => {
    const { session, asked } = askedOf();
    expect((await session.transact(statements.slice(0, count))).applied).toBe(true);
    const [{ isIdempotent, retry, logged } = {}] = asked;
    // Without this flag it sends nothing again after a time-out, or where a connection was lost; the policy has the rest.
    expect(isIdempotent).toBe(false);
    const info = { query: '', nbRetry: 0, executionOptions: {} } as unknown as cassandra.policies.retry.OperationInfo;
    expect(retry?.onUnavailable(info, one, 2, true)).toEqual(rethrow);
    expect(retry?.onReadTimeout(info, one, 1, 2, false)).toEqual(rethrow);
    expect(retry?.onWriteTimeout(info, one, 1, 2, 'CAS')).toEqual(rethrow);
    expect(retry?.onRequestError(info, one, new Error('lost'))).toEqual(rethrow);
    if (count > 1) expect(logged).toBe(false);
  });

  it('reads, and writes that carry their timestamps', async () => {
    const { session, asked } = askedOf();
    await session.read(statements[0]!);
    await session.write(statements);
    expect(asked.map(({ isIdempotent }) => isIdempotent)).toEqual([true, true]);
  });
});
