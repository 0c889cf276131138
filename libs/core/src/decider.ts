/**
 * A decider is three pure values: what a stream starts as, what a command leads to, and what an event changes.
 * Time and ids arrive in the command; the same command given again yields no event.
 * Source: Jérémie Chassaing, "Functional Event Sourcing Decider" (2021).
 */
export interface Decider<State, Command, Event> {
  readonly initialState: State;
  readonly decide: (state: State, command: Command) => readonly Event[];
  readonly evolve: (state: State, event: Event) => State;
}
