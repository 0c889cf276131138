import { Module, type DynamicModule, type Type } from '@nestjs/common';
import type { Placement } from '@ringside/data-ring';

import { ChangeStreams } from './changes/change-streams.js';
import { LateCommands, openAppeals } from './casework/appeal-reaction.js';
import { CaseworkModule } from './casework/casework.module.js';
import { CasesController } from './http/cases.controller.js';
import { PlayersController } from './http/players.controller.js';
import { StatsController } from './http/stats.controller.js';
import { StreamController } from './http/stream.controller.js';
import { CASE_RULES } from './http/tokens.js';
import { SubscriberModule } from './subscriber.module.js';
import { subscriberOf, type Team } from './team.js';

/** A team's service: its subscription, and the read routes over the cases that every team has. */
@Module({})
export class TeamModule {
  /** `controllers`: routes over the team's own views. */
  static forTeam(team: Team, placement: Placement, controllers: readonly Type[] = []): DynamicModule {
    const late = new LateCommands();
    const subscriber = subscriberOf(team);
    const reactions = team.casework === undefined ? subscriber.reactions : [...subscriber.reactions, openAppeals(late)];
    return {
      module: TeamModule,
      imports: [
        SubscriberModule.forSubscriber({ ...subscriber, reactions }, placement),
        ...(team.casework === undefined ? [] : [CaseworkModule.forTeam(team, team.casework, late)]),
      ],
      providers: [{ provide: CASE_RULES, useValue: team.rules }, ChangeStreams],
      controllers: [CasesController, PlayersController, StatsController, StreamController, ...controllers],
    };
  }
}
