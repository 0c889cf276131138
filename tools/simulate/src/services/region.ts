import { placementOf, standalone, type Placement, type RingPolicy } from '@ringside/data-ring';

import { LogContent } from '../log/log-content.js';
import { StoreContent } from '../store/store-content.js';
import type { World } from '../world/world.js';

export interface Substrate {
  /** Of every topic. */
  readonly partitions: number;
  readonly atomicAppend: boolean;
  readonly atomicWrite: boolean;
}

/** One region: its log, and a view store for each service. */
export class Region {
  readonly log: LogContent;
  readonly placement: Placement;
  readonly stores = new Map<string, StoreContent>();

  constructor(
    world: World,
    readonly name: string,
    policy: RingPolicy | undefined,
    private readonly substrate: Substrate,
  ) {
    this.placement = policy === undefined ? standalone(name) : placementOf(policy, name);
    this.log = new LogContent(world, name, substrate.partitions, substrate.atomicAppend);
    // What no service of the run makes is still there to be copied.
    for (const topic of this.placement.held) this.log.createTopic(topic.name);
  }

  storeOf(service: string): StoreContent {
    let store = this.stores.get(service);
    if (store === undefined) {
      store = new StoreContent(`${service}@${this.name}`, this.substrate.atomicWrite);
      this.stores.set(service, store);
    }
    return store;
  }
}
