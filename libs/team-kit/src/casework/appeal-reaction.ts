import { caseOfDecision } from '@ringside/casework';
import { UnavailableError } from '@ringside/core';
import type { AppealFiled, RingsideEvent } from '@ringside/events';

import type { Reaction } from '../subscriber.js';
import type { SystemCommands } from './system-commands.js';

/** A subscriber is made before the module that has its commands: what it hears meanwhile waits, as for a store that is away. */
export class LateCommands {
  private commands: SystemCommands | undefined;

  provide(commands: SystemCommands): void {
    this.commands = commands;
  }

  get(): SystemCommands {
    if (this.commands !== undefined) return this.commands;
    throw new UnavailableError('view-store', 'The service does not take commands yet.');
  }
}

const isAppeal = (event: RingsideEvent): event is AppealFiled => event.type === 'AppealFiled';

/** An appeal becomes a command of the case whose decision it is about; its event's id makes that happen once. */
export const openAppeals = (late: LateCommands): Reaction => ({
  name: 'OpenAppeals',
  concerns: isAppeal,
  react: async (event) => {
    const caseId = isAppeal(event) ? caseOfDecision(event.data.decisionId) : undefined;
    if (caseId === undefined) return [];
    const outcome = await late.get().openAppeal(caseId, event as AppealFiled);
    // It waits, parked, for somebody to look: it was accepted, and no other region will ever hear of it.
    if (outcome?.outcome === 'incomplete') throw new Error(`The case cannot take up an appeal yet. ${outcome.detail}`);
    if (outcome?.outcome === 'elsewhere') {
      throw new Error(
        `The case is worked in ${outcome.region}, and the appeal was filed here. Retry it once it is worked here again.`,
      );
    }
    return [];
  },
});
