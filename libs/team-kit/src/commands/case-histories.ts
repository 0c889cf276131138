import { stepOf, type CaseStep, type CommandContext } from '@ringside/casework';
import type { JsonObject } from '@ringside/core';
import type { NewRecord } from '@ringside/event-log';
import type { CaseEvent } from '@ringside/events';
import { pageRowsMax, type StreamEvent, type ViewStore } from '@ringside/view-store';

import type { CaseAggregate } from './aggregate.js';
import { fromStreamEvent, partsOfStream } from './case-stream.js';
import { noEarlierSteps, type EarlierStep, type EarlierSteps } from './earlier-steps.js';
import { publishedOf } from './publications.js';

/** A case as its stream makes it, up to a version, and in a later term the steps that this one goes on from. */
export interface Folded<State> {
  /** Of the stream. That of the case is the state's: in term 0 they are the same. */
  readonly version: number;
  /** Version of the case with the last step that is no announcement: whoever saw the case at it, or later, has seen all of it. */
  readonly changedAt: number;
  readonly state: State;
  /** What was taken before this term began, by the `causationId` of its steps. */
  readonly earlier?: ReadonlyMap<string, EarlierCommand> | undefined;
}

/** A command of which this region has the steps, and not what it was answered. */
export interface EarlierCommand {
  /** Of the case, with its steps. */
  readonly version: number;
  readonly answer: JsonObject;
}

/** Whether somebody who saw the case at a version has not seen what it is now; also where it has not come so far. */
export const isStale = (
  { state, changedAt }: Pick<Folded<{ readonly version: number }>, 'state' | 'changedAt'>,
  seenVersion: number,
): boolean => seenVersion < changedAt || seenVersion > state.version;

export interface CaseHistory<State> extends Folded<State> {
  /** Read before the events: an append on this history goes through only if nobody has raised it since. */
  readonly fence: number;
  /** The log has the events up to here for certain, and maybe more. */
  readonly published: number;
}

/** An event of a stream, with the case after it. */
export interface Step<State> {
  readonly event: CaseEvent;
  /** The event as a decider sees it. */
  readonly step: CaseStep;
  readonly after: State;
  /** The event as the log takes it, where it was encoded already. */
  readonly record?: NewRecord;
}

export interface Page<State> {
  readonly steps: readonly Step<State>[];
  /** The case with them. */
  readonly folded: Folded<State>;
}

interface Beginning<State> {
  readonly folded: Folded<State>;
  /** Whether what is there before the first event can be nothing else any more. */
  readonly isSettled: boolean;
  readonly page?: readonly StreamEvent[];
}

/** So many cases are remembered: streams may be long, and most commands come to few cases. */
const rememberedMax = 1_000;

/** Reads and folds the streams of cases, and remembers them, oldest use out. What is remembered may be old. */
export class CaseHistories<State extends { readonly version: number }> {
  private readonly remembered = new Map<string, CaseHistory<State>>();

  constructor(
    private readonly store: ViewStore,
    private readonly aggregate: CaseAggregate<State, CommandContext>,
    private readonly earlierSteps: EarlierSteps = noEarlierSteps,
  ) {}

  recall(stream: string): CaseHistory<State> | undefined {
    return this.remembered.get(stream);
  }

  remember(stream: string, history: CaseHistory<State>): void {
    // What the log has it keeps: a publication may have ended since this history was read.
    const published = Math.max(history.published, this.remembered.get(stream)?.published ?? 0);
    this.remembered.delete(stream);
    this.remembered.set(stream, caseHistory(history, history.fence, published));
    if (this.remembered.size > rememberedMax) this.remembered.delete(this.remembered.keys().next().value!);
  }

  /** Events up to here are on the log. */
  rememberPublished(stream: string, version: number): void {
    const history = this.remembered.get(stream);
    if (history !== undefined && history.published < version) {
      this.remembered.set(stream, caseHistory(history, history.fence, Math.min(version, history.version)));
    }
  }

  /** As it stands now, behind all appends that were answered. `withoutMissing`: where a term is yet to begin. */
  async current(stream: string, withoutMissing = false): Promise<CaseHistory<State>> {
    const { version: atLeast, fence } = await this.store.streamHead(stream);
    const known = this.remembered.get(stream);
    let folded: Folded<State> | undefined;
    for await (const page of this.read(stream, known, withoutMissing)) folded = page.folded;
    checkReached(stream, folded!.version, atLeast);
    const published = known?.published ?? (await publishedOf(this.store, stream));
    const history = caseHistory(folded!, fence, published);
    // What a term will go on from is not settled before it has begun.
    if (history.version > 0 || history.earlier === undefined) this.remember(stream, history);
    return history;
  }

  /**
   * Before the first event of a stream, with the first events where they were read for it. Rejects with `IncompleteHistoryError` where
   * the stream is of a later term, and what that goes on from is not all here.
   */
  private async beginningOf(stream: string, withoutMissing: boolean): Promise<Beginning<State>> {
    const { initialState } = this.aggregate.decider;
    const { caseId, term } = partsOfStream(stream);
    if (term === 0) return { folded: { version: 0, changedAt: 0, state: initialState }, isSettled: true };
    const page = await this.store.readStream(stream);
    const begun = page[0] && stepOf(fromStreamEvent(page[0]));
    if (begun !== undefined && begun.type !== 'CaseAdopted') throw new Error(`The stream ${stream} does not begin a term.`);
    const steps = await this.earlierSteps(caseId, { term, withoutMissing, ...(begun && { upTo: begun.data.basedOn }) });
    const folded = this.after(steps);
    return begun === undefined ? { folded, isSettled: false } : { folded, isSettled: true, page };
  }

  private after(steps: readonly EarlierStep[]): Folded<State> {
    let state = this.aggregate.decider.initialState;
    let changedAt = 0;
    const commands = new Map<string, { readonly after: State; readonly steps: CaseStep[] }>();
    for (const { step, caseVersion, causationId } of steps) {
      state = this.aggregate.decider.evolve(state, step);
      if (state.version !== caseVersion) throw new Error(`Step ${caseVersion} of the case came as ${state.version}.`);
      if (!this.aggregate.isAnnouncement(step)) changedAt = caseVersion;
      if (causationId === undefined) continue;
      const own = commands.get(causationId)?.steps ?? [];
      commands.set(causationId, { after: state, steps: step.type === 'CaseAdopted' ? own : [...own, step] });
    }
    const earlier = new Map(
      [...commands].map(([id, taken]) => [
        id,
        { version: taken.after.version, answer: this.aggregate.answer(taken.after, taken.steps) },
      ]),
    );
    return { version: 0, changedAt, state, earlier };
  }

  /** The case with the steps that come next, if any. */
  behind(folded: Folded<State>, steps: readonly Step<State>[]): Folded<State> {
    const last = steps.at(-1);
    if (last === undefined) return folded;
    const change = steps.findLast(({ step }) => !this.aggregate.isAnnouncement(step));
    return {
      version: folded.version + steps.length,
      changedAt: change?.event.data.caseVersion ?? folded.changedAt,
      state: last.after,
      earlier: folded.earlier,
    };
  }

  /** The steps behind what is known, page by page, each with the case after it: from the first step where nothing is known. */
  async *read(stream: string, known: Folded<State> | undefined, withoutMissing = false): AsyncIterable<Page<State>> {
    let from: Beginning<State> =
      known === undefined ? await this.beginningOf(stream, withoutMissing) : { folded: known, isSettled: true };
    let stored = from.page ?? (await this.store.readStream(stream, from.folded.version));
    if (!from.isSettled && stored.length > 0) {
      // Another process has begun the term meanwhile, and may have gone on from another step than the last one that was read here.
      from = await this.beginningOf(stream, withoutMissing);
      stored = from.page ?? stored;
    }
    let { folded } = from;
    for (;;) {
      const steps = this.stepsBehind(stream, folded, stored);
      folded = this.behind(folded, steps);
      yield { steps, folded };
      if (stored.length < pageRowsMax) return;
      stored = await this.store.readStream(stream, folded.version);
    }
  }

  private stepsBehind(stream: string, { version, state }: Folded<State>, page: readonly StreamEvent[]): readonly Step<State>[] {
    let after = state;
    return page.map((stored, i) => {
      if (stored.version !== version + i + 1) throw new Error(`The stream ${stream} lacks version ${version + i + 1}.`);
      const event = fromStreamEvent(stored);
      const step = stepOf(event);
      after = this.evolved(after, step, event);
      return { event, step, after };
    });
  }

  /** Throws where the event, which is of this step, is none that comes behind this state. */
  evolved(state: State, step: CaseStep, { data: { caseId, caseVersion } }: CaseEvent): State {
    const after = this.aggregate.decider.evolve(state, step);
    if (after.version !== caseVersion) throw new Error(`Step ${caseVersion} of ${caseId} came as ${after.version}.`);
    return after;
  }
}

/** Field by field: whatever is made for each command is, as V8 takes thousands of instructions to add a field behind a spread. */
export const caseHistory = <State>(
  { version, changedAt, state, earlier }: Folded<State>,
  fence: number,
  published: number,
): CaseHistory<State> => ({ version, changedAt, state, earlier, fence, published });

/** A reader that does not see what was answered would decide on the past, or leave events unpublished. */
export function checkReached(stream: string, version: number, atLeast: number): void {
  if (version < atLeast) throw new Error(`The stream ${stream} is at version ${atLeast}, and could be read up to ${version}.`);
}
