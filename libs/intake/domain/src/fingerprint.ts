import { createHash } from 'node:crypto';

/**
 * Tells whether two JSON bodies say the same: SHA-256 over the value with its keys in order, so that neither spacing nor the
 * order of fields makes a difference.
 */
export const fingerprintOf = (body: unknown): string =>
  createHash('sha256').update(JSON.stringify(body, keysInOrder)).digest('base64url');

const keysInOrder = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
    : value;
