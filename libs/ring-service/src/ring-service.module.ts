import { Inject, Module, type DynamicModule, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { StartupError } from '@ringside/core';
import type { Placement } from '@ringside/data-ring';
import type { ServiceDefinition, ServiceResources } from '@ringside/platform';
import { SERVICE_CONFIG, type ServiceConfig } from '@ringside/platform';
import { openRegionControl, type RingControl } from '@ringside/ring-control';
import { SubscriberModule, subscriberMicroservices, SubscriberRuntime } from '@ringside/team-kit';

import { Convergence } from './convergence/convergence.js';
import { ringMetrics } from './convergence/metrics.js';
import { peerOver, tokenIn } from './convergence/peer.js';
import { repairRecorder } from './convergence/record-repair.js';
import { ControlController } from './http/control.controller.js';
import { ConvergenceController } from './http/convergence.controller.js';
import { ExchangeController } from './http/exchange.controller.js';
import { PromotionsController } from './http/promotions.controller.js';
import { RingController } from './http/ring.controller.js';
import { SubscriptionsController } from './http/subscriptions.controller.js';
import { CONTROL, POLICY, PROMOTE } from './http/tokens.js';
import { PolicyFile } from './policy-file.js';
import { platformSubscriber, serviceName } from './subscriber.js';
import { haveSame } from './terms/have-same.js';
import { promoterOf } from './terms/promote.js';

@Module({
  controllers: [
    ...[RingController, ControlController, PromotionsController],
    ...[ConvergenceController, ExchangeController, SubscriptionsController],
  ],
})
export class RingServiceModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(Convergence) private readonly convergence: Convergence,
    @Inject(SERVICE_CONFIG) private readonly config: ServiceConfig,
    @Inject(CONTROL) private readonly control: RingControl | undefined,
    @Inject(PolicyFile) private readonly policyFile: PolicyFile,
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
        { provide: PolicyFile, useValue: policyFileOf(resources) },
        { provide: CONTROL, useValue: regionControlOf(resources) },
        { provide: Convergence, ...ofRuntime((runtime) => convergenceOf(resources, runtime)) },
        {
          provide: PROMOTE,
          inject: [SubscriberRuntime, Convergence],
          useFactory: (runtime: SubscriberRuntime, convergence: Convergence) =>
            promoterOf({ placement, log, views: () => runtime.views, clock, haveSame: haveSame(convergence, placement) }),
        },
      ],
    };
  }

  onApplicationBootstrap(): void {
    this.convergence.start(this.config.ringCompareMs);
    this.policyFile.start(this.config.ringCompareMs);
  }

  async onApplicationShutdown(): Promise<void> {
    this.policyFile.stop();
    await this.convergence.stop();
    await this.control?.close();
  }
}

const policyFileOf = ({ config, policy, logger }: ServiceResources): PolicyFile =>
  new PolicyFile(policy && { path: config.ring, digest: policy.digest, logger });

function convergenceOf(resources: ServiceResources, runtime: SubscriberRuntime): Convergence {
  const { config, placement, policy, eventLog, unguardedLog = eventLog, clock, logger, metrics } = resources;
  checkPeers(config, placement);
  const record = policy && repairRecorder({ log: eventLog, placement, policy }, clock);
  const convergence: Convergence = new Convergence({
    placement,
    peersUntil: (signal) =>
      config.ringPeers.map(({ region, url }) =>
        peerOver({ region, url, token: tokenIn(config.ringTokenFile, region), signal }),
      ),
    views: () => runtime.views,
    log: unguardedLog,
    clock,
    logger,
    settleMs: config.ringSettleMs,
    isAutomatic: config.ringRepair === 'automatic',
    onRepaired: async (round) => {
      countRound(round);
      await record?.(round);
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

function regionControlOf({ policy, placement, config, eventLog: log, clock }: ServiceResources): RingControl | undefined {
  if (policy === undefined) return undefined;
  const { eventLogUrl, viewStoreUrl } = config;
  return openRegionControl({ policy, region: placement.region, eventLogUrl, viewStoreUrl, log, clock });
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
