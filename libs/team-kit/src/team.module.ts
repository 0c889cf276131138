import { Module, type DynamicModule, type Type } from '@nestjs/common';

import { CommandsModule } from './commands/commands.module.js';
import { CasesController } from './http/cases.controller.js';
import { PlayersController } from './http/players.controller.js';
import { StatsController } from './http/stats.controller.js';
import { CASE_RULES } from './http/tokens.js';
import { SubscriberModule } from './subscriber.module.js';
import { subscriberOf, type Team } from './team.js';

/** A team's service: its subscription, and the read routes over the cases that every team has. */
@Module({})
export class TeamModule {
  /** `controllers`: routes over the team's own views. */
  static forTeam(team: Team, controllers: readonly Type[] = []): DynamicModule {
    return {
      module: TeamModule,
      imports: [
        SubscriberModule.forSubscriber(subscriberOf(team)),
        ...(team.casework === undefined ? [] : [CommandsModule.forAggregate(team.casework.aggregate)]),
      ],
      providers: [{ provide: CASE_RULES, useValue: team.rules }],
      controllers: [CasesController, PlayersController, StatsController, ...controllers],
    };
  }
}
