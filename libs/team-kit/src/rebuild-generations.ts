import { CodedError } from '@ringside/core';

import type { PlacedSubscriber } from './placed-subscriber.js';
import { tablesOf } from './subscriber.js';
import type { Views } from './views.js';

/** There is nothing to do it with, or it is no longer as it was; the message says what. */
export class RebuildRefusedError extends CodedError {
  readonly code = 'rebuild_refused';
}

/** Another rebuild of the same views has begun, or a service has gone over to them: this one writes nothing more. */
export class RebuildFencedError extends CodedError {
  readonly code = 'rebuild_fenced';

  constructor(
    readonly subscription: string,
    readonly partition: number,
  ) {
    super(
      `Somebody else has taken over partition ${partition} of ${subscription}, the views that are rebuilt: is another rebuild running? The live views are as they were.`,
    );
  }
}

/**
 * Removes a generation of views with all that it stood for. Whoever is filling it is fenced, and can no longer make it the
 * live one. Throws `RebuildRefusedError` where somebody has done that already.
 */
export async function dropGeneration(views: Views, subscriber: PlacedSubscriber): Promise<void> {
  const { store, generation } = views;
  const names = subscriber.topics.map((topic) => views.checkpointName(topic));
  for (const name of names) for (const { partition } of await store.checkpoints(name)) await store.takeOver(name, partition);
  if ((await views.generations()).current === generation) {
    throw new RebuildRefusedError(`Generation ${generation} of the views has become live meanwhile: it was left alone.`);
  }
  await views.dropTables(tablesOf(subscriber));
  for (const name of names) await store.resetCheckpoints(name);
}
