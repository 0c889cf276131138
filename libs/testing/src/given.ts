import type { Decider, Result } from '@ringside/core';

/** What a command led to. */
export interface Outcome<State, Event, Refusal> {
  readonly result: Result<readonly Event[], Refusal>;
  /** The events; throws where the command was refused. */
  readonly events: readonly Event[];
  /** Why the command was refused; throws where it was not. */
  readonly refusal: Refusal;
  /** The state with the events. */
  readonly after: State;
  /** The same command once more, on what it left behind. */
  readonly again: Result<readonly Event[], Refusal>;
}

/** `given(decider, history).when(command)`: what a decider makes of a command after a history. */
export function given<State, Command, Event, Refusal>(
  decider: Decider<State, Command, Event, Refusal>,
  history: readonly Event[] = [],
): { readonly state: State; readonly when: (command: Command) => Outcome<State, Event, Refusal> } {
  const state = history.reduce(decider.evolve, decider.initialState);
  return { state, when: (command) => outcomeOf(decider, state, command) };
}

function outcomeOf<State, Command, Event, Refusal>(
  decider: Decider<State, Command, Event, Refusal>,
  state: State,
  command: Command,
): Outcome<State, Event, Refusal> {
  const result = decider.decide(state, command);
  const after = result.ok ? result.value.reduce(decider.evolve, state) : state;
  return {
    result,
    after,
    again: decider.decide(after, command),
    get events() {
      if (result.ok) return result.value;
      throw new Error(`The command was refused: ${JSON.stringify(result.error)}`);
    },
    get refusal() {
      if (!result.ok) return result.error;
      throw new Error(`The command was not refused: ${JSON.stringify(result.value)}`);
    },
  };
}
