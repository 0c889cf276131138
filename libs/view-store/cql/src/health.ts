import { setTimeout as delay } from 'node:timers/promises';
import { UnavailableError } from '@ringside/core';
import type { StoreHealth } from '@ringside/view-store';

import type { Connection } from './connection.js';
import { ownTables, qualified } from './ddl.js';
import type { Session } from './session.js';

/** The port allows 2 s. */
const answerMsMax = 1_800;

/** Reads from the keyspace as the calls do, so that too few replicas are noticed as well. */
export async function healthOf(connection: Connection, session: Session, keyspace: string): Promise<StoreHealth> {
  const query = `SELECT item FROM ${qualified(keyspace, ownTables.schema)} WHERE item = ?`;
  const late = new AbortController();
  const tooLate = delay(answerMsMax, undefined, { signal: late.signal }).then(() => {
    throw new UnavailableError('view-store', `The view store did not answer within ${answerMsMax} ms.`);
  });
  const asked = connection.run(() => session.read({ query, params: ['lock'] }, { msMax: answerMsMax }));
  try {
    await Promise.race([asked, tooLate]);
    return { status: 'up' };
  } catch (error) {
    return { status: 'down', reason: error instanceof Error ? error.message : String(error) };
  } finally {
    late.abort();
    tooLate.catch(() => undefined);
    asked.catch(() => undefined);
  }
}
