import { UnavailableError } from '@ringside/core';

import type { CommandOutcome, CommandRequest } from '../aggregate.js';
import type { CommandObserver } from '../command-observer.js';
import { Commands, type CommandsOptions } from '../commands.js';
import { Relay } from '../relay.js';
import { notebooks, type NotebookCommand } from './notebook.fixture.js';
import type { World } from './world.fixture.js';

/** What a sender hears of a command: its outcome, or nothing. */
export type Heard = CommandOutcome | { readonly outcome: 'unknown' };

type Surroundings = Pick<CommandsOptions<never>, 'store' | 'log' | 'placement' | 'region' | 'earlierSteps'>;

/** A process of a team's service: it takes commands and relays what others have left, until it dies. */
export class SimulatedProcess {
  relaying = false;
  private readonly commands: Commands;
  private readonly relay: Relay;
  /** Sendings that it has not answered: their senders hear of its death. */
  private readonly waiting = new Set<() => void>();

  /** `surroundingsOf`: what it calls, as itself. What goes wrong goes to `errors`, but for what is away for a time. */
  constructor(
    private readonly world: World,
    private readonly errors: unknown[],
    surroundingsOf: (process: object) => Surroundings,
  ) {
    const error = (_: string, thrown: unknown): void => this.note(thrown);
    const observer: CommandObserver = {
      ...{ executed: () => undefined, published: () => undefined, pending: () => undefined, recovered: () => undefined },
      ...{ unpublished: error, unsettled: error },
    };
    const options = { ...surroundingsOf(this), observer, aggregate: notebooks as never };
    this.commands = new Commands({ ...options, source: 'cheating-team', publishWaitMsMax: Infinity });
    this.relay = new Relay({ ...options, graceMs: 0 });
  }

  send(request: CommandRequest<NotebookCommand>, hear: (heard: Heard) => void): void {
    const answered = (heard: Heard): void => {
      if (this.waiting.delete(lost)) hear(heard);
    };
    const lost = (): void => answered({ outcome: 'unknown' });
    this.waiting.add(lost);
    this.commands.execute(request).then(answered, (error: unknown) => {
      this.note(error);
      lost();
    });
  }

  pass(): void {
    this.relaying = true;
    this.relay
      .pass()
      .catch((error: unknown) => this.note(error))
      .finally(() => (this.relaying = false));
  }

  kill(): void {
    for (const lost of [...this.waiting]) lost();
    this.world.crash(this);
  }

  private note(error: unknown): void {
    if (!(error instanceof UnavailableError)) this.errors.push(error);
  }
}
