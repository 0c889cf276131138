import { Inject, Module, type DynamicModule, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { StartupError } from '@ringside/core';
import type { Placement } from '@ringside/data-ring';
import type { ServiceDefinition, ServiceResources } from '@ringside/platform';
import { SERVICE_CONFIG, type ServiceConfig } from '@ringside/platform';
import { SubscriberModule, subscriberMicroservices, SubscriberRuntime } from '@ringside/team-kit';

import { Convergence, tokenIn } from './convergence/convergence.js';
import { ringMetrics } from './convergence/metrics.js';
import { peerOver } from './convergence/peer.js';
import { recordRepair } from './convergence/record-repair.js';
import { ConvergenceController } from './http/convergence.controller.js';
import { ExchangeController } from './http/exchange.controller.js';
import { PromotionsController } from './http/promotions.controller.js';
import { POLICY, PROMOTE } from './http/tokens.js';
import { platformSubscriber, serviceName } from './subscriber.js';
import { promoterOf } from './terms/promote.js';

@Module({ controllers: [ConvergenceController, ExchangeController, PromotionsController] })
export class RingServiceModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(Convergence) private readonly convergence: Convergence,
    @Inject(SERVICE_CONFIG) private readonly config: ServiceConfig,
  ) {}

  static forService(resources: ServiceResources): DynamicModule {
    const { placement, policy, eventLog: log, clock } = resources;
    const ofRuntime = (create: (runtime: SubscriberRuntime) => unknown) => ({
      inject: [SubscriberRuntime],
      useFactory: create,
    });
    return {
      module: RingServiceModule,
      imports: [SubscriberModule.forSubscriber(platformSubscriber(placement), placement)],
      providers: [
        { provide: POLICY, useValue: policy },
        { provide: Convergence, ...ofRuntime((runtime) => convergenceOf(resources, runtime)) },
        {
          provide: PROMOTE,
          ...ofRuntime((runtime) => promoterOf({ placement, log, views: () => runtime.views, clock })),
        },
      ],
    };
  }

  onApplicationBootstrap(): void {
    this.convergence.start(this.config.ringCompareMs);
  }

  onApplicationShutdown(): Promise<void> {
    return this.convergence.stop();
  }
}

function convergenceOf(resources: ServiceResources, runtime: SubscriberRuntime): Convergence {
  const { config, placement, policy, eventLog, unguardedLog = eventLog, clock, logger, metrics } = resources;
  checkPeers(config, placement);
  const token = tokenIn(config.ringTokenFile);
  const convergence: Convergence = new Convergence({
    placement,
    peers: config.ringPeers.map(({ region, url }) => peerOver({ region, url, token })),
    views: () => runtime.views,
    log: unguardedLog,
    clock,
    logger,
    settleMs: config.ringSettleMs,
    isAutomatic: config.ringRepair === 'automatic',
    onRepaired: async (round) => {
      countRound(round);
      if (policy !== undefined) await recordRepair(round, { log: eventLog, placement, policy });
    },
  });
  const countRound = ringMetrics(metrics, {
    views: () => (runtime.isPrepared ? runtime.views : undefined),
    states: () => convergence.states(),
    placement,
    clock,
  });
  return convergence;
}

function checkPeers({ ringPeers }: ServiceConfig, { region, regions }: Placement): void {
  const strangers = ringPeers.filter((peer) => peer.region === region || !regions.includes(peer.region));
  if (strangers.length === 0) return;
  const named = strangers.map((peer) => peer.region).join(', ');
  const others = regions.filter((one) => one !== region).join(', ') || 'none';
  throw new StartupError(`RINGSIDE_RING_PEERS names ${named}; the other regions of the ring are: ${others}.`);
}

/** The Platform team's service: one in each region. */
export const platformService: ServiceDefinition = {
  name: serviceName,
  title: 'Ringside: platform',
  description:
    'The ring as one of its regions sees it: its policy, its audit, its terms, and whether its regions hold the same.',
  version: '0.1.0',
  defaultPort: 3004,
  access: { kind: 'platform' },
  module: (resources) => RingServiceModule.forService(resources),
  microservices: subscriberMicroservices,
  restores: true,
};
