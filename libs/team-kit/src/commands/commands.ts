import type { CaseStep, CommandContext } from '@ringside/casework';
import { UnavailableError, type JsonObject } from '@ringside/core';
import { bySystem } from '@ringside/events';
import type { EventLog } from '@ringside/event-log';
import type { StreamAppend, StreamAppendOutcome, StreamCommand, ViewStore } from '@ringside/view-store';

import type { CaseAggregate, CommandOutcome, CommandRequest } from './aggregate.js';
import { CaseHistories, type CaseHistory, type Step } from './case-histories.js';
import { caseEventOf, streamOf, toStreamEvent } from './case-stream.js';
import type { CommandObserver } from './command-observer.js';
import { dropWrite, Intents, type Intent } from './intents.js';
import { publishedWrites } from './publications.js';
import { Publisher } from './publisher.js';
import { turns } from './turns.js';

export interface CommandsOptions<State extends { readonly version: number }> {
  readonly store: ViewStore;
  readonly log: EventLog;
  readonly aggregate: CaseAggregate<State, CommandContext>;
  /** The region that this service runs in. */
  readonly region: string;
  /** The service, as the `source` of its events. */
  readonly source: string;
  readonly observer: CommandObserver;
  /** Throws `UnavailableError` until tables and topics are there. */
  readonly whenPrepared?: () => void;
  /** An answer waits so long at most for the log to have its events, in ms: the views follow the log. */
  readonly publishWaitMsMax?: number;
}

/** A command is decided anew so often where others are faster: each time one of them got through, so this is hardly reached. */
const attemptsMax = 100;

const publishWaitMsDefault = 2_000;

/** What is kept with a command. */
interface Kept {
  readonly fingerprint: string;
  readonly answer: JsonObject;
}

/**
 * Takes commands on cases: store first, then the log. See docs/casework-protocol.md for each step, and for what is left by
 * whoever dies behind it.
 */
export class Commands<State extends { readonly version: number } = { readonly version: number }> {
  private readonly histories: CaseHistories<State>;
  private readonly publisher: Publisher<State>;
  private readonly intents: Intents;
  private readonly decidingInTurn = turns();
  private readonly publishingInTurn = turns();
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(private readonly options: CommandsOptions<State>) {
    const { store, log, aggregate } = options;
    this.histories = new CaseHistories(store, aggregate);
    this.publisher = new Publisher(log, store, this.histories, aggregate);
    this.intents = new Intents(store);
  }

  /**
   * Answers when the outcome is durable, and the log has its events or could not take them soon enough. Rejects with
   * `UnavailableError` where the store is away: the command may then have been taken, or may be yet; sent again with its id, it is
   * answered as it was taken.
   */
  async execute(request: CommandRequest<CommandContext>): Promise<CommandOutcome> {
    const { observer } = this;
    try {
      this.options.whenPrepared?.();
      const stream = streamOf(request.case.caseId);
      const { outcome, publication } = await this.decidingInTurn(stream, () => this.take(stream, request));
      if (publication !== undefined) await this.withinPublishWait(publication);
      observer.executed(outcome.outcome === 'done' && outcome.repeated ? 'repeated' : outcome.outcome);
      return outcome;
    } catch (error) {
      observer.executed(error instanceof UnavailableError ? 'unavailable' : 'error');
      throw error;
    }
  }

  get observer(): CommandObserver {
    return this.options.observer;
  }

  /** When the commands that were answered have left nothing to do. */
  async settled(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  private async take(stream: string, request: CommandRequest<CommandContext>): Promise<Taken> {
    let history = this.histories.recall(stream);
    let held: Held | undefined;
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const remembered = history !== undefined;
      history ??= await this.histories.current(stream);
      const decided = this.decide(history, request);
      if ('steps' in decided) {
        held = await this.held(stream, history.fence, decided.steps, held);
        const taken = await this.append(stream, request, { history, decided: decided.steps, intent: held?.intent });
        if (taken !== undefined) return taken;
      } else if (!remembered) {
        this.letGo(stream, held);
        // Behind the events: a command that they contain is found.
        const first = await this.options.store.streamCommand(stream, request.commandId);
        return { outcome: first === undefined ? decided : firstAnswer(request, first) };
      }
      history = undefined;
    }
    this.letGo(stream, held);
    throw new UnavailableError('view-store', 'Too many commands came to this case at once; send it again.');
  }

  /** What the command leads to, or why it leads to nothing; the latter must not rest on what is remembered. */
  private decide(
    { version, state }: CaseHistory<State>,
    { command, expectedVersion }: CommandRequest<CommandContext>,
  ): CommandOutcome | { readonly steps: readonly CaseStep[] } {
    const { decider, answer } = this.options.aggregate;
    if (expectedVersion !== undefined && expectedVersion !== version) return { outcome: 'stale', version };
    const decision = decider.decide(state, command);
    if (!decision.ok) return { outcome: 'refused', refusal: decision.error, version };
    // What the service's clock asks, it asks until there is something to do: "nothing yet" is not to be remembered as the answer.
    if (decision.value.length === 0 && command.by.sub === bySystem) {
      return { outcome: 'done', version, answer: answer(state, []), repeated: false };
    }
    return { steps: decision.value };
  }

  /**
   * An intent that was declared after this fence was read: a relay that finds it, and drops it, has raised the fence above that. So
   * one of an attempt that failed still serves where the fence is the same.
   */
  private async held(
    stream: string,
    fence: number,
    steps: readonly CaseStep[],
    before: Held | undefined,
  ): Promise<Held | undefined> {
    if (steps.length > 0 && before?.fence === fence) return before;
    this.letGo(stream, before);
    return steps.length === 0 ? undefined : { fence, intent: await this.intents.declare(stream) };
  }

  /** Nothing was stored under this intent, nor will be. */
  private letGo(stream: string, held: Held | undefined): void {
    if (held !== undefined) this.inBackground(stream, () => this.settle(stream, 0, held.intent));
  }

  /** Undefined where somebody else was faster: nothing was stored, nor will be. */
  private async append(
    stream: string,
    request: CommandRequest<CommandContext>,
    { history, decided, intent }: Attempt<State>,
  ): Promise<Taken | undefined> {
    const { aggregate, region, source } = this.options;
    const { commandId, fingerprint } = request;
    const origin = { region, source, commandId };
    const steps: Step<State>[] = [];
    let { state } = history;
    for (const step of decided) {
      const event = caseEventOf(request.case, step, history.version + steps.length + 1, origin);
      state = this.histories.evolved(state, event);
      steps.push({ event, after: state });
    }
    const answer = aggregate.answer(state, decided);
    const append: StreamAppend = {
      stream,
      ...{ expectedVersion: history.version, fence: history.fence, commandId },
      events: steps.map(({ event }) => toStreamEvent(event)),
      result: { fingerprint, answer },
    };
    const stored = await this.stored(append, intent);
    const storedAt = performance.now();
    if (stored.outcome === 'conflict' || stored.outcome === 'fenced') return undefined;
    if (stored.outcome === 'repeated') {
      if (intent !== undefined) this.inBackground(stream, () => this.catchUp(stream, stored.version, intent));
      return { outcome: firstAnswer(request, stored) };
    }
    const { version } = stored;
    this.histories.remember(stream, { ...history, version, state });
    const outcome: CommandOutcome = { outcome: 'done', version, answer, repeated: false };
    if (intent === undefined) return { outcome };
    return { outcome, publication: this.publication(stream, { steps, version, intent, storedAt }) };
  }

  /** The outcome of an append, also where the store did not tell: what is not there once the fence was raised never will be. */
  private async stored(append: StreamAppend, intent: Intent | undefined): Promise<StreamAppendOutcome> {
    const { store } = this.options;
    try {
      return await store.appendToStream(append);
    } catch (error) {
      if (!(error instanceof UnavailableError)) {
        // Refused before anything was stored: a bug, and no reason to leave an intent.
        if (intent !== undefined) this.inBackground(append.stream, () => this.settle(append.stream, 0, intent));
        throw error;
      }
      const head = await store.raiseFence(append.stream);
      const taken = await store.streamCommand(append.stream, append.commandId);
      return taken === undefined ? { outcome: 'fenced', ...head } : { outcome: 'repeated', ...taken };
    }
  }

  /** Resolves when the log has the steps, or when they are left to the relay. What is behind that goes on by itself. */
  private publication(stream: string, { steps, version, intent, storedAt }: ToPublish<State>): Promise<void> {
    const { observer } = this.options;
    return new Promise((resolve) => {
      this.inBackground(stream, async () => {
        let published = version;
        try {
          const before = version - steps.length;
          if ((this.histories.recall(stream)?.published ?? -1) >= before) await this.publisher.publish(steps);
          else published = (await this.publisher.catchUp(stream, version)).published;
          this.histories.rememberPublished(stream, published);
          observer.published(performance.now() - storedAt);
        } finally {
          resolve();
        }
        await this.settle(stream, published, intent);
      });
    });
  }

  private async catchUp(stream: string, atLeast: number, intent: Intent): Promise<void> {
    const { published } = await this.publisher.catchUp(stream, atLeast);
    await this.settle(stream, published, intent);
  }

  /** The log has what the intent is about. */
  private async settle(stream: string, published: number, intent: Intent): Promise<void> {
    await this.options.store.write([...publishedWrites(stream, published), dropWrite(intent)]);
    this.intents.dropped(intent);
  }

  /** An error leaves the intent, and so the rest to the relay. */
  private inBackground(stream: string, work: () => Promise<void>): void {
    const done: Promise<void> = this.publishingInTurn(stream, work)
      .catch((error: unknown) => this.options.observer.unpublished(stream, error))
      .finally(() => this.underWay.delete(done));
    this.underWay.add(done);
  }

  private async withinPublishWait(publication: Promise<void>): Promise<void> {
    const { publishWaitMsMax = publishWaitMsDefault } = this.options;
    if (publishWaitMsMax === Infinity) return publication;
    let timer: NodeJS.Timeout | undefined;
    const waited = new Promise<void>((resolve) => (timer = setTimeout(resolve, publishWaitMsMax)));
    await Promise.race([publication, waited]);
    clearTimeout(timer);
  }
}

interface Held {
  readonly intent: Intent;
  readonly fence: number;
}

interface Attempt<State> {
  readonly history: CaseHistory<State>;
  readonly decided: readonly CaseStep[];
  readonly intent: Intent | undefined;
}

interface Taken {
  readonly outcome: CommandOutcome;
  readonly publication?: Promise<void>;
}

interface ToPublish<State> {
  readonly steps: readonly Step<State>[];
  readonly version: number;
  readonly intent: Intent;
  readonly storedAt: number;
}

function firstAnswer({ fingerprint }: CommandRequest<CommandContext>, { version, result }: StreamCommand): CommandOutcome {
  const kept = result as unknown as Kept;
  if (kept.fingerprint !== fingerprint) return { outcome: 'id_reused' };
  return { outcome: 'done', version, answer: kept.answer, repeated: true };
}
