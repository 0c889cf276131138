import type { Result } from './result.js';

/**
 * A decider is three pure values: what a stream starts as, what a command leads to, and what an event changes.
 * Time and ids arrive in the command; the same command given again yields no event. A refusal is a value, and changes nothing.
 * Source: Jérémie Chassaing, "Functional Event Sourcing Decider" (2021).
 */
export interface Decider<State, Command, Event, Refusal> {
  readonly initialState: State;
  readonly decide: (state: State, command: Command) => Result<readonly Event[], Refusal>;
  readonly evolve: (state: State, event: Event) => State;
}
