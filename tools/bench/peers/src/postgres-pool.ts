import pg from 'pg';

/**
 * Connections of each peer on PostgreSQL. Half of the 64 callers: enough that the server flushes many commits at once, and
 * no more of its processes than the machine can run.
 */
export const connectionsMax = 32;

export const openPool = (connectionString: string): pg.Pool => new pg.Pool({ connectionString, max: connectionsMax, min: 1 });
