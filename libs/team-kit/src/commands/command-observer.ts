import type { CommandOutcome } from './aggregate.js';

/** What the write side tells whoever counts and logs. Each call is one business event. */
export interface CommandObserver {
  /** `error`: the command was not answered; `unavailable` ones may have been stored. */
  executed(outcome: CommandOutcome['outcome'] | 'repeated' | 'unavailable' | 'error'): void;
  /** Events of one stream are on the log; `lagMs`: since they were stored. */
  published(lagMs: number): void;
  /** What was stored is left to the relay. */
  unpublished(stream: string, error: unknown): void;
  /** Intents that the relay found, of all processes. */
  pending(count: number): void;
  /** The relay settled a stream, and published so many events of it. */
  recovered(stream: string, events: number): void;
  /** The relay could not settle a stream now, and tries again. */
  unsettled(stream: string, error: unknown): void;
}
