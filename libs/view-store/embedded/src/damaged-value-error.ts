import { UnavailableError } from '@ringside/core';

/** A stored value does not match its checksum. It is never handed out. */
export class DamagedValueError extends UnavailableError {
  constructor(key: Uint8Array) {
    const place = JSON.stringify(Buffer.from(key).toString('utf8').replaceAll(/\p{C}/gu, ' ').trim().slice(0, 120));
    super(
      'view-store',
      `What the view store has under ${place} is damaged on disk: restore the store from a backup, or, where only views are ` +
        'damaged, build them anew (npm run views:rebuild).',
    );
  }
}
