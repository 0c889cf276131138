import { randomOf } from '@ringside/random';
import type { ViewStore } from '@ringside/view-store';

import { simulatedStore, type Network } from '../store/simulated-store.js';
import { StoreContent } from '../store/store-content.js';
import type { SimulatedProcess } from '../world/process.js';
import type { CallOptions } from '../world/call.js';

/** Where every call is answered at once. */
const still: Network = {
  random: randomOf(0),
  call: <T>({ parts = [], answer }: CallOptions<T>): Promise<T> => {
    for (const part of parts) part();
    try {
      return Promise.resolve(answer());
    } catch (error) {
      return Promise.reject(error as Error);
    }
  },
};

const nobody = {} as SimulatedProcess;

/** A store in which nothing takes time or goes wrong, and what is in it. */
export function stillStore(): { readonly store: ViewStore; readonly content: StoreContent } {
  const content = new StoreContent('replay', true);
  return { store: simulatedStore(still, content, nobody), content };
}
