import type { CaseStep, CommandContext, Refusal } from '@ringside/casework';
import type { Decider, JsonObject } from '@ringside/core';
import type { CaseEvent, RingsideEvent } from '@ringside/events';

/** How the streams of a team's cases are decided and published. `State` has the version of the case (`versionAfter`). */
export interface CaseAggregate<State extends { readonly version: number }, Command extends CommandContext> {
  readonly decider: Decider<State, Command, CaseStep, Refusal>;
  /** A step that nobody has to have seen: it does not make stale what was seen before it. Pure. */
  readonly isAnnouncement: (step: CaseStep) => boolean;
  /** What the command is answered, beside the version. Kept with it: whoever sends the command again gets the same. */
  readonly answer: (after: State, steps: readonly CaseStep[]) => JsonObject;
  /**
   * What is published with an event of the stream, beside the event itself: its consequences on other topics. Pure, and their ids
   * derive from the event's (`deriveUuidv7`), so publishing again gives the same events. `after` is the state with the event.
   */
  readonly consequences: (after: State, event: CaseEvent) => readonly RingsideEvent[];
}

/** Any team's: what a command of it looks like is between the team and whoever hands commands over. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyCaseAggregate = CaseAggregate<any, any>;

export interface CommandRequest<Command> {
  /** The case: names the stream (`streamOf`), and goes into the envelopes of its events. */
  readonly case: { readonly caseId: string; readonly team: string; readonly game: string; readonly subjectId: string };
  /** Identifies the command within the case; sent again, it is answered as it was the first time. */
  readonly commandId: string;
  /** Of the command's content: the same id with another one is refused. */
  readonly fingerprint: string;
  /** The term in which this region works the case, where there has been a promotion: its stream is that of the term. */
  readonly served?: {
    readonly term: number;
    readonly homeRegion: string;
    /** Somebody has decided that the case goes on without steps that are known of and not here. */
    readonly withoutMissing?: true;
  };
  /** The case's version that the sender saw, behind which there may be announcements alone; any where absent. */
  readonly expectedVersion?: number;
  readonly command: Command;
}

export type CommandOutcome =
  /** `version`: of the case, after this command. */
  | { readonly outcome: 'done'; readonly version: number; readonly answer: JsonObject; readonly repeated: boolean }
  | { readonly outcome: 'refused'; readonly refusal: Refusal; readonly version: number }
  /** The case is not at the version that the sender saw, and what came since is more than announcements. */
  | { readonly outcome: 'stale'; readonly version: number }
  /** The case is to be gone on with in a new term, and its earlier steps have not all come to this region. `detail` says which. */
  | { readonly outcome: 'incomplete'; readonly detail: string }
  /** This id was used for a command with another content. */
  | { readonly outcome: 'id_reused' };
