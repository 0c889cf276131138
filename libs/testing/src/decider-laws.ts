import { expect } from '@jest/globals';
import type { Decider } from '@ringside/core';

type Refused = { readonly code: string; readonly detail: string };
type Versioned = { readonly version: number };

/** A command, and what came of it. */
export interface Ruling<State, Command, Event> {
  readonly command: Command;
  readonly before: State;
  readonly events: readonly Event[];
  readonly after: State;
}

/**
 * Gives commands one after the other, and expects of each what every decider of a case promises: it changes nothing that it is handed
 * and answers alike when asked twice, a refusal is a code and a sentence, each event counts one version, and the same command again
 * adds none. `next` makes a command of the state so far.
 */
export function playLawfully<State extends Versioned, Command, Event, Refusal extends Refused>(
  { initialState, decide, evolve }: Decider<State, Command, Event, Refusal>,
  next: readonly ((state: State) => Command)[],
): readonly Ruling<State, Command, Event>[] {
  let before = frozen(initialState);
  return next.map((commandOn) => {
    const command = frozen(commandOn(before));
    const result = frozen(decide(before, command));
    expect(decide(before, command)).toEqual(result);
    if (!result.ok) expectRefusal(result.error);
    const events = result.ok ? result.value : [];
    const after = events.reduce((state, event) => {
      const evolved = frozen(evolve(state, event));
      expect(evolved.version).toBe(state.version + 1);
      return evolved;
    }, before);
    const again = decide(after, command);
    if (again.ok) expect(again.value).toEqual([]);
    const ruling = { command, before, events, after };
    before = after;
    return ruling;
  });
}

function expectRefusal({ code, detail }: Refused): void {
  expect(['wrong_state', 'forbidden', 'invalid', 'not_found']).toContain(code);
  expect(detail).toMatch(/^[A-Z`\p{L}][^]*[.]$/u);
}

/** Deeply, so that whoever writes to it throws. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}
