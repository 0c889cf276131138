import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { versionOf } from '@ringside/casework';
import { isoTime, naturalId, uuidv7, type Clock, type IsoTime } from '@ringside/core';
import { CLOCK, LOGGER, ProblemException, problems, VIEW_STORE, type Identity, type Logger } from '@ringside/platform';
import type { ViewStore } from '@ringside/view-store';

import { actorOf, CaseCommands, fingerprintOf } from '../casework/case-commands.js';
import { commandProblems } from '../casework/problems.js';
import { SubscriberRuntime } from '../runtime.js';
import { readBulk, takeBulkStep, type Bulk, type BulkCase, type BulkCommand, type BulkStep } from './bulk-record.js';
import { resultsOf, type BulkResult } from './bulk-results.js';
import { markOpen, openMarks, takeBack, type OpenMark } from './open-bulks.js';
import { resultOf, runBulk } from './run-bulk.js';

/** Above so many cases a second person has to approve. */
export const casesWithoutApprovalMax = 50;
export const casesPerBulkMax = 1_000;

/** How often a process looks for bulks that nobody works on any more, and how long it leaves them to whoever does, in ms. */
const lookEveryMs = 5_000;
const abandonedAfterMs = 60_000;

export type BulkState = 'pending_approval' | 'rejected' | 'running' | 'done' | 'undoing' | 'undone';

export interface BulkView {
  readonly bulkId: string;
  readonly state: BulkState;
  readonly command: BulkCommand;
  readonly requestedBy: string;
  readonly approvedBy: string | null;
  readonly rejected: { readonly by: string; readonly reason: string } | null;
  readonly undoneBy: string | null;
  readonly cases: number;
  /** Cases that have a result. */
  readonly finished: number;
  readonly results: readonly BulkResult[];
  readonly undoResults: readonly BulkResult[];
}

export interface BulkRequest {
  readonly identity: Identity;
  readonly idempotencyKey: string | undefined;
  readonly caseIds: readonly string[];
  readonly command: BulkCommand;
  /** What was asked for, as it was: a list may have other cases when the same is asked again. */
  readonly asked: object;
}

/** Commands to many cases at once. What was asked for is on record before anything is done, and goes on after a crash. */
@Injectable()
export class Bulks implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly running = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(SubscriberRuntime) private readonly runtime: SubscriberRuntime,
    @Inject(VIEW_STORE) private readonly store: ViewStore,
    @Inject(CaseCommands) private readonly commands: CaseCommands,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.resumeSafely(), lookEveryMs).unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    await Promise.allSettled(this.running.values());
  }

  /** What the command would lead to, case by case. Nothing is stored. */
  dryRun({ identity, caseIds, command }: Omit<BulkRequest, 'asked' | 'idempotencyKey'>): Promise<readonly BulkResult[]> {
    const by = actorOf(identity);
    return inOrder(caseIds, (caseId) => resultOf(caseId, () => this.commands.tryAs({ caseId, by, command }), this.logger));
  }

  /** Puts it on record. Up to {@link casesWithoutApprovalMax} cases it is done when this answers, beyond that it waits for approval. */
  async request({ identity, idempotencyKey, caseIds, command, asked }: BulkRequest): Promise<BulkView> {
    const { sub } = identity;
    const bulkId = naturalId('bulk', this.runtime.subscriber.name, sub, idempotencyKey ?? uuidv7());
    const cases = await this.casesAsSeen(caseIds);
    const at = isoTime(this.clock());
    const needsApproval = cases.length > casesWithoutApprovalMax;
    const fingerprint = fingerprintOf(identity, { kind: 'bulk', command, asked });
    // One that is on record was marked before it came there, if it was to be.
    const isToMark = !needsApproval && (await readBulk(this.store, bulkId)) === undefined;
    const isTaken = await this.take(
      { bulkId, version: 0, stepId: 'request', fingerprint },
      { type: 'BulkRequested', data: { by: actorOf(identity), at, command, cases, needsApproval } },
      isToMark,
    );
    if (!isTaken) {
      throw new ProblemException(commandProblems.keyReused, 'Give each bulk an Idempotency-Key of its own, or none.');
    }
    const bulk = await this.existing(bulkId);
    if (!bulk.needsApproval) await this.run(bulk);
    return this.view(bulkId);
  }

  /** Lets it begin. Throws {@link ProblemException}: 403 for whoever asked for it, 409 where it waits for nobody. */
  async approve(bulkId: string, identity: Identity): Promise<BulkView> {
    const bulk = await this.existing(bulkId);
    if (identity.sub === bulk.by.sub) {
      throw new ProblemException(
        problems.forbidden,
        'Whoever asked for a bulk cannot approve it. Ask another lead or approver.',
      );
    }
    refuseUnlessPending(bulk);
    await this.step(bulk, identity, { type: 'BulkApproved' });
    return this.begin(bulkId);
  }

  /** Nothing of it will be done; whoever asked for it may take it back so, too. Throws {@link ProblemException}: 409 where it waits for nobody. */
  async reject(bulkId: string, identity: Identity, reason: string): Promise<BulkView> {
    const bulk = await this.existing(bulkId);
    refuseUnlessPending(bulk);
    await this.step(bulk, identity, { type: 'BulkRejected', reason });
    return this.view(bulkId);
  }

  /** Takes back, as one batch, what it did. Throws {@link ProblemException}: 409 where it is under way, or was undone already. */
  async undo(bulkId: string, identity: Identity): Promise<BulkView> {
    const { state } = await this.view(bulkId);
    const bulk = await this.existing(bulkId);
    if (bulk.undone !== null) throw notNow('The bulk was undone already.');
    if (state !== 'done') throw notNow('The bulk is not done: there is nothing to undo yet.');
    await this.step(bulk, identity, { type: 'BulkUndone' });
    return this.begin(bulkId);
  }

  async view(bulkId: string): Promise<BulkView> {
    const bulk = await this.existing(bulkId);
    const [done, undone] = await Promise.all([resultsOf(this.store, bulkId, 'do'), resultsOf(this.store, bulkId, 'undo')]);
    const inOrderOfCases = (results: ReadonlyMap<string, BulkResult>): readonly BulkResult[] =>
      bulk.cases.flatMap(({ caseId }) => results.get(caseId) ?? []);
    return {
      bulkId,
      state: stateOf(bulk, done.size, undone.size),
      command: bulk.command,
      requestedBy: bulk.by.sub,
      approvedBy: bulk.approved?.by.sub ?? null,
      rejected: bulk.rejected && { by: bulk.rejected.by.sub, reason: bulk.rejected.reason },
      undoneBy: bulk.undone?.by.sub ?? null,
      cases: bulk.cases.length,
      finished: bulk.undone === null ? done.size : undone.size,
      results: inOrderOfCases(done),
      undoResults: inOrderOfCases(undone),
    };
  }

  /** Goes on with what others began and left. Answers how many bulks those were. */
  async resume(): Promise<number> {
    const resumed = new Set<string>();
    for await (const mark of openMarks(this.store)) {
      const { bulkId } = mark;
      if (resumed.has(bulkId)) continue;
      try {
        if (await this.goOnWith(mark)) resumed.add(bulkId);
      } catch (error) {
        // The bulks behind it do not wait for it.
        this.logger.warn({ bulkId, err: error }, 'could not go on with a bulk, and tries again');
      }
    }
    return resumed.size;
  }

  /** Unless there is nothing to do, or somebody may be at it. */
  private async goOnWith(mark: OpenMark): Promise<boolean> {
    const bulk = await readBulk(this.store, mark.bulkId);
    if (bulk === undefined || mark.version > bulk.version) await this.takeBackLate(mark);
    if (bulk === undefined || this.running.has(runName(bulk))) return false;
    if (bulk.rejected !== null || (bulk.needsApproval && bulk.approved === null)) {
      // Of a step that somebody else was faster with. One that is still to come is not touched.
      if (mark.version <= bulk.version) await takeBack(this.store, [mark]);
      return false;
    }
    const lastAt = (bulk.undone ?? bulk.approved ?? bulk).at;
    if (!this.isAbandoned(lastAt)) return false;
    await this.run(bulk);
    return true;
  }

  /** Of a step that never came, as whoever was to take it was cut off: that leads nowhere, unless it is just being taken. */
  private async takeBackLate(mark: OpenMark): Promise<void> {
    if (mark.at !== null && !this.isAbandoned(mark.at)) return;
    // How old one without a time is, nobody knows: it gets as long as a new one.
    if (mark.at === null) await markOpen(this.store, mark.bulkId, mark.version, this.clock());
    await takeBack(this.store, [mark]);
  }

  private isAbandoned(since: IsoTime | null): boolean {
    return since !== null && this.clock() - Date.parse(since) >= abandonedAfterMs;
  }

  private async resumeSafely(): Promise<void> {
    if (this.stopping.signal.aborted || !this.runtime.isPrepared) return;
    try {
      await this.resume();
    } catch (error) {
      this.logger.warn({ err: error }, 'could not go on with bulks, and tries again');
    }
  }

  private async begin(bulkId: string): Promise<BulkView> {
    const bulk = await this.existing(bulkId);
    const run = this.run(bulk);
    // What it leaves undone, a later look goes on with.
    run.catch((error: unknown) => this.logger.warn({ bulkId, err: error }, 'a bulk was interrupted, and will go on'));
    if (bulk.cases.length <= casesWithoutApprovalMax) await run;
    return this.view(bulkId);
  }

  /** Undoing is a run of its own: it may be asked for while the one before it has yet to say that it is finished. */
  private run(bulk: Bulk): Promise<void> {
    const name = runName(bulk);
    const already = this.running.get(name);
    if (already !== undefined) return already;
    const { store, commands, logger } = this;
    const run = runBulk(bulk, { store, commands, logger, signal: this.stopping.signal }).finally(() =>
      this.running.delete(name),
    );
    this.running.set(name, run);
    return run;
  }

  private async step(bulk: Bulk, identity: Identity, what: NextStep): Promise<void> {
    const { bulkId, version } = bulk;
    const by = { by: actorOf(identity), at: isoTime(this.clock()) };
    const step: BulkStep =
      what.type === 'BulkRejected' ? { type: what.type, data: { ...by, reason: what.reason } } : { type: what.type, data: by };
    const stepId = `${step.type}/${uuidv7()}`;
    // One that was rejected leaves nothing to work on.
    const isToMark = step.type !== 'BulkRejected';
    if (await this.take({ bulkId, version, stepId, fingerprint: step.type }, step, isToMark)) return;
    throw notNow('Somebody was faster: read the bulk again.');
  }

  /** What is to be worked on is marked first, so that no crash leaves it to nobody. False where the step was not taken. */
  private async take(at: Parameters<typeof takeBulkStep>[1], step: BulkStep, isToMark: boolean): Promise<boolean> {
    const mark = (): Promise<OpenMark> => markOpen(this.store, at.bulkId, at.version + 1, this.clock());
    const marked = isToMark ? await mark() : undefined;
    const isTaken = (await takeBulkStep(this.store, at, step)) === 'taken';
    if (marked === undefined) return isTaken;
    if (!isTaken) await takeBack(this.store, [marked]);
    // It took so long that whoever looks for what was left may have found nothing, and taken the mark back.
    else if (this.isAbandoned(marked.at)) await mark();
    return isTaken;
  }

  private async existing(bulkId: string): Promise<Bulk> {
    const bulk = await readBulk(this.store, bulkId);
    if (bulk === undefined) throw new ProblemException(problems.notFound, 'This team has no such bulk.');
    return bulk;
  }

  /** The versions that the cases have now; of those that are not there, one that no case has: they will say so themselves. */
  private casesAsSeen(caseIds: readonly string[]): Promise<readonly BulkCase[]> {
    return inOrder(caseIds, async (caseId) => {
      const file = await this.commands.caseToWorkOn(caseId).catch((error: unknown) => {
        if (error instanceof ProblemException) return undefined;
        throw error;
      });
      return { caseId, version: file === undefined ? 0 : versionOf(file) };
    });
  }
}

type NextStep = { readonly type: 'BulkApproved' | 'BulkUndone' } | { readonly type: 'BulkRejected'; readonly reason: string };

function refuseUnlessPending({ needsApproval, approved, rejected }: Bulk): void {
  if (!needsApproval || approved !== null || rejected !== null) throw notNow('The bulk waits for no approval.');
}

function stateOf({ cases, needsApproval, approved, rejected, undone }: Bulk, finished: number, undoneCases: number): BulkState {
  if (rejected !== null) return 'rejected';
  if (undone !== null) return undoneCases < cases.length ? 'undoing' : 'undone';
  if (needsApproval && approved === null) return 'pending_approval';
  return finished < cases.length ? 'running' : 'done';
}

const runName = ({ bulkId, version }: Bulk): string => `${bulkId}/${version}`;

const notNow = (detail: string): ProblemException => new ProblemException(commandProblems.wrongState, detail);

async function inOrder<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
