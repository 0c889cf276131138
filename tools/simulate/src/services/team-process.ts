import { UnavailableError } from '@ringside/core';
import type { Delivery } from '@ringside/event-log';
import {
  CaseCommands,
  CaseReader,
  commandMetrics,
  Commands,
  LateCommands,
  openAppeals,
  placed,
  Relay,
  RelayTimer,
  stepsInViews,
  subscriberOf,
  SubscriberRuntime,
  Sweep,
  SystemCommands,
  type EventLogContext,
} from '@ringside/team-kit';

import { ledger, type Deployment } from './ledger.js';
import type { Surroundings } from './surroundings.js';
import type { PlayedTeam } from './teams.js';

/** The service of a team, in one process: what its Nest module puts together, without HTTP in front. */
export interface TeamProcess {
  readonly kind: 'team';
  readonly team: PlayedTeam;
  readonly surroundings: Surroundings;
  readonly runtime: SubscriberRuntime;
  readonly caseCommands: CaseCommands;
  /** As on SIGTERM. */
  stop(): Promise<void>;
}

export function startTeam(team: PlayedTeam, surroundings: Surroundings, deployment: Deployment): TeamProcess {
  const { eventLog: log, viewStore: store, metrics, logger, config, clock, region } = surroundings;
  const { placement } = region;
  const { policy, aggregate } = team.casework!;
  const late = new LateCommands();
  const subscriber = subscriberOf(team);
  const runtime = new SubscriberRuntime(
    placed(
      {
        ...subscriber,
        projections: [...subscriber.projections, ledger(team.rules, deployment)],
        reactions: [...subscriber.reactions, openAppeals(late)],
      },
      placement,
    ),
    { eventLog: log, viewStore: store, metrics, logger, drainMsMax: config.drainMsMax },
  );
  const earlierSteps = stepsInViews(() => runtime.views);
  const common = { store, log, aggregate, placement, earlierSteps, observer: commandMetrics(metrics, logger) };
  const whenPrepared = (): void => void runtime.prepared();
  const commands = new Commands({ ...common, region: config.region, source: team.service, whenPrepared });
  const relay = new RelayTimer(new Relay(common), () => runtime.isPrepared, logger);
  const reader = new CaseReader(store, aggregate, earlierSteps);
  const caseCommands = new CaseCommands(runtime, commands, reader, config, clock);
  const system = new SystemCommands(runtime, commands, caseCommands, team.rules, config, log);
  late.provide(system);
  const sweep = new Sweep(runtime, system, policy, clock, logger, placement, metrics);
  consume(runtime);
  sweep.onApplicationBootstrap();
  return {
    ...{ kind: 'team', team, surroundings, runtime, caseCommands },
    stop: async () => {
      await sweep.onModuleDestroy();
      await runtime.server.close();
      await Promise.all([relay.stop(), commands.settled()]);
      runtime.stop();
    },
  };
}

/** What Nest does with the handler of the subscriber's module. */
export function consume(runtime: SubscriberRuntime): void {
  const handle = async (deliveries: readonly Delivery[], context: EventLogContext): Promise<void> => {
    for (const partition of await runtime.process(deliveries)) context.giveBack(partition);
  };
  for (const topic of runtime.subscriber.topics) runtime.server.addHandler(topic, handle as never, true);
  void runtime.server.listen((error) => {
    if (error !== undefined && !(error instanceof UnavailableError)) throw error as Error;
  });
}
