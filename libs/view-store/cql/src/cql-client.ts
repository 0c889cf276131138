import cassandra from 'cassandra-driver';

import { refreshOnceAtATime } from './control-connection.js';
import type { CqlSettings } from './cql-url.js';

const { policies, types } = cassandra;

/** Less than what the servers allow themselves, so that a request which nobody will answer is given up here first. In ms. */
export const requestMsMax = 4_000;
const connectMsMax = 3_000;

/** Requests on one connection at a time. Beyond that the driver answers "busy", which is unavailable. */
const requestsPerConnectionMax = 1_024;

/** The client of one process: token-aware within its own data center, at LOCAL_QUORUM and LOCAL_SERIAL. */
export function cqlClient(settings: CqlSettings): cassandra.Client {
  const client = new cassandra.Client({
    contactPoints: [...settings.contactPoints],
    localDataCenter: settings.datacenter,
    ...(settings.credentials && { credentials: settings.credentials }),
    ...(settings.tls && { sslOptions: { rejectUnauthorized: true } }),
    policies: {
      // Another region is never asked: its views are its own.
      loadBalancing: new policies.loadBalancing.TokenAwarePolicy(
        new policies.loadBalancing.DCAwareRoundRobinPolicy(settings.datacenter),
      ),
      retry: new OnceElsewhere(),
      reconnection: new policies.reconnection.ExponentialReconnectionPolicy(250, 5_000, false),
      // Rows carry their own timestamps, and transactions take the server's: a clock of this process is in neither. Its typings
      // do not know that the driver takes null for that.
      timestampGeneration: null as unknown as cassandra.policies.timestampGeneration.TimestampGenerator,
    },
    pooling: {
      coreConnectionsPerHost: { [types.distance.local]: 2, [types.distance.remote]: 1 },
      maxRequestsPerConnection: requestsPerConnectionMax,
      warmup: true,
    },
    socketOptions: { connectTimeout: connectMsMax, readTimeout: requestMsMax },
    protocolOptions: { maxSchemaAgreementWaitSeconds: 20 },
    queryOptions: { consistency: types.consistencies.localQuorum, serialConsistency: types.consistencies.localSerial },
    encoding: { useBigIntAsLong: true },
  });
  refreshOnceAtATime(client);
  // The driver reports what it then also rejects with; a listener keeps an unheard "error" event from ending the process.
  client.on('error', () => undefined);
  // When all nodes were away, it makes their hosts anew, and the old ones would go on reconnecting beside them for ever.
  client.on('hostRemove', (host: Closable) => void host.shutdown(false).catch(() => undefined));
  return client;
}

/** What may be sent again goes to one other node; after that whoever called decides. */
class OnceElsewhere extends policies.retry.RetryPolicy {
  override onRequestError(
    info: cassandra.policies.retry.OperationInfo,
    consistency: cassandra.types.consistencies,
  ): cassandra.policies.retry.DecisionInfo {
    return info.nbRetry > 0 ? this.rethrowResult() : this.retryResult(consistency, false);
  }
}

interface Closable {
  shutdown(waitForPending: boolean): Promise<void>;
}

/** What the driver does not show of itself. Its `shutdown` knows nothing of a client that never connected. */
interface Internals {
  readonly controlConnection?: {
    readonly connection?: { close(): void } | null;
    readonly hosts?: { values(): readonly Closable[] };
    shutdown(): void;
  };
}

const sweepMs = 200;

/**
 * Closes a client for good. The driver leaves its control connection open where connecting failed, and goes on reconnecting
 * where it was at that when it was shut down: either keeps the process from ending. So what it holds is closed once more, and
 * again until an attempt that was under way must be over. That timer itself keeps no process from ending.
 */
export async function closeClient(client: cassandra.Client): Promise<void> {
  await client.shutdown();
  const { controlConnection } = client as unknown as Internals;
  const sweep = (): void => {
    controlConnection?.shutdown();
    controlConnection?.connection?.close();
    for (const host of controlConnection?.hosts?.values() ?? []) host.shutdown(false).catch(() => undefined);
  };
  sweep();
  const sweeping = setInterval(sweep, sweepMs).unref();
  setTimeout(() => clearInterval(sweeping), 2 * connectMsMax).unref();
}
