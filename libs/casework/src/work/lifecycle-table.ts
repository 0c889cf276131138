import type { Result } from '@ringside/core';

import type { Actor, Command, CommandContext, LifecycleCommand, Refusal } from './case-command.js';
import type { CaseStep } from './case-step.js';
import type { CaseWork } from './case-work.js';
import type { CaseworkPolicy } from './casework-policy.js';

export type CommandKind = LifecycleCommand['kind'];
export type CommandOf<Kind extends CommandKind> = Command<Extract<LifecycleCommand, { readonly kind: Kind }>>;
export type Steps = Result<readonly CaseStep[], Refusal>;

/** What a command leads to once its row's conditions are met. */
export type Handler<Kind extends CommandKind> = (work: CaseWork, command: CommandOf<Kind>, policy: CaseworkPolicy) => Steps;

/** What must be so for a command to be looked at: a sentence where it is not. */
export type Condition = (work: CaseWork, command: CommandContext) => string | undefined;

/** Who may give a command: a sentence for whoever may not. */
export type Admission = (actor: Actor) => string | undefined;

export interface Row<Kind extends CommandKind> {
  readonly by: Admission;
  readonly when: readonly Condition[];
  readonly then: Handler<Kind>;
}

export type LifecycleTable = { readonly [Kind in CommandKind]: Row<Kind> };
