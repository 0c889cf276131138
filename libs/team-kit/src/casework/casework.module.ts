import { Inject, Module, type DynamicModule } from '@nestjs/common';
import { VIEW_STORE } from '@ringside/platform';
import type { ViewStore } from '@ringside/view-store';

import { Bulks } from '../bulk/bulks.js';
import { CommandsModule } from '../commands/commands.module.js';
import { stepsInViews } from '../commands/steps-in-views.js';
import { AppealsController } from '../http/appeals.controller.js';
import { BulksController } from '../http/bulks.controller.js';
import { CaseCommandsController } from '../http/case-commands.controller.js';
import { DecisionsController } from '../http/decisions.controller.js';
import { PolicyController } from '../http/policy.controller.js';
import { RestorationsController } from '../http/restorations.controller.js';
import { CASE_RULES, CASEWORK_POLICY } from '../http/tokens.js';
import { SubscriberRuntime } from '../runtime.js';
import type { Team, TeamCasework } from '../team.js';
import type { LateCommands } from './appeal-reaction.js';
import { CaseCommands } from './case-commands.js';
import { CaseReader } from './case-reader.js';
import { Sweep } from './sweep.js';
import { SystemCommands } from './system-commands.js';

const LATE_COMMANDS = Symbol('LATE_COMMANDS');

/** The commands of a team's cases over HTTP. {@link CaseCommands} can be injected in the team's own controllers. */
@Module({})
export class CaseworkModule {
  constructor(@Inject(LATE_COMMANDS) late: LateCommands, @Inject(SystemCommands) commands: SystemCommands) {
    late.provide(commands);
  }

  /** `late`: gets the commands that the team's subscriber gives of itself. */
  static forTeam({ rules }: Team, { policy, aggregate }: TeamCasework, late: LateCommands): DynamicModule {
    const reader = {
      provide: CaseReader,
      inject: [VIEW_STORE, SubscriberRuntime],
      useFactory: (store: ViewStore, runtime: SubscriberRuntime): CaseReader =>
        new CaseReader(
          store,
          aggregate,
          stepsInViews(() => runtime.views),
        ),
    };
    const values = [
      { provide: CASE_RULES, useValue: rules },
      { provide: CASEWORK_POLICY, useValue: policy },
      { provide: LATE_COMMANDS, useValue: late },
    ];
    const providers = [...values, reader, CaseCommands, SystemCommands, Sweep, Bulks];
    return {
      module: CaseworkModule,
      global: true,
      imports: [CommandsModule.forAggregate(aggregate)],
      providers,
      exports: providers,
      controllers: [
        CaseCommandsController,
        DecisionsController,
        AppealsController,
        BulksController,
        RestorationsController,
        PolicyController,
      ],
    };
  }
}
