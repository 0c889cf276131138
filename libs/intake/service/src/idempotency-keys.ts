import type { RowKey } from '@ringside/core';

/** Remembers which report an `Idempotency-Key` stands for. Written by lightweight transactions alone. */
export const idempotencyKeyTable = 'idempotency_keys';

/** What a key was used for. */
type KeyUse = 'filing' | 'appeal';

export interface KeyOfSender {
  readonly idempotencyKey: string;
  /** The `sub` of the token that it came with; undefined where nobody has to say who they are. */
  readonly caller?: string | undefined;
}

/**
 * Where a key is remembered. Keys are each caller's own: what one game has used is no concern of another. No use has a slash in its
 * name, so that no two callers meet in one row, nor anybody and those who need not say who they are, whatever they are called.
 */
export const rowOfKey = (use: KeyUse, { idempotencyKey, caller }: KeyOfSender): RowKey => ({
  table: idempotencyKeyTable,
  partition: idempotencyKey,
  key: caller === undefined ? use : `${use}/${caller}`,
});
