import { CodedError, StartupError, UnavailableError } from '@ringside/core';
import cassandra from 'cassandra-driver';

const codes = cassandra.types.responseErrorCodes;

/** The server understood the request and says that it is wrong: sending it again changes nothing. */
const ownFaults = new Set<number>([
  codes.protocolError,
  codes.functionFailure,
  codes.syntaxError,
  codes.unauthorized,
  codes.invalid,
  codes.configError,
  codes.alreadyExists,
]);

/** What `ViewStore` promises to reject with: `UnavailableError` where trying again may help. Others are bugs, and stay as they are. */
export function translated(error: unknown): unknown {
  if (error instanceof CodedError || error instanceof TypeError || error instanceof RangeError) return error;
  if (error instanceof cassandra.errors.ResponseError && ownFaults.has(error.code)) return error;
  if (error instanceof cassandra.errors.ArgumentError || error instanceof cassandra.errors.NotSupportedError) return error;
  return new UnavailableError('view-store', `The view store did not answer: ${reasonOf(error)}`, { cause: error });
}

/** One sentence on what went wrong, from the first host where each has its own. */
export function reasonOf(error: unknown): string {
  if (error instanceof cassandra.errors.NoHostAvailableError) {
    const [host, inner] = Object.entries(error.innerErrors ?? {})[0] ?? [];
    if (inner !== undefined) return `no node takes the request, ${host} says: ${reasonOf(inner)}`;
    return 'no node is connected.';
  }
  return error instanceof Error ? error.message : String(error);
}

/** Whether the table may be missing. A node that dropped it has forgotten the prepared statement, and cannot prepare it again. */
export function mayLackTable(error: unknown): boolean {
  if (error instanceof cassandra.errors.NoHostAvailableError) return Object.values(error.innerErrors ?? {}).some(mayLackTable);
  if (!(error instanceof cassandra.errors.ResponseError)) return false;
  if (error.code === codes.unprepared) return true;
  return error.code === codes.invalid && /unconfigured table|(table|columnfamily) .*does not exist/i.test(error.message);
}

/** What keeps a service from ever starting with this URL; undefined where waiting may help. */
export function startupError(error: unknown): StartupError | undefined {
  if (error instanceof StartupError) return error;
  if (error instanceof cassandra.errors.NoHostAvailableError) {
    const inner = Object.values(error.innerErrors ?? {}).map(startupError);
    return inner.find((one) => one !== undefined);
  }
  const refused =
    error instanceof cassandra.errors.AuthenticationError ||
    error instanceof cassandra.errors.ArgumentError ||
    (error instanceof cassandra.errors.ResponseError && (error.code === codes.badCredentials || ownFaults.has(error.code)));
  if (!refused) return undefined;
  return new StartupError(`RINGSIDE_VIEW_STORE cannot be used: ${reasonOf(error)}`, { cause: error });
}
