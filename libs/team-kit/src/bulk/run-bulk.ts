import type { Actor, LifecycleCommand } from '@ringside/casework';
import { UnavailableError } from '@ringside/core';
import { ProblemException, problemOf, type Logger } from '@ringside/platform';
import type { ViewStore } from '@ringside/view-store';

import type { CaseCommands } from '../casework/case-commands.js';
import type { Bulk } from './bulk-record.js';
import { keepResult, resultsOf, type BulkPhase, type BulkResult } from './bulk-results.js';
import { markFinished } from './open-bulks.js';

export interface BulkSurroundings {
  readonly store: ViewStore;
  readonly commands: CaseCommands;
  readonly logger: Logger;
  /** Ends it between two cases; whoever finds it goes on. */
  readonly signal: AbortSignal;
}

/**
 * Gives the bulk's command to each of its cases, or takes it back, one after the other; those that have a result are passed over.
 * A case's command has an id that derives from the bulk's, so that one which was taken before a crash is not taken again.
 * Rejects with `UnavailableError` where the store is away: whoever calls this again goes on.
 */
export async function runBulk(bulk: Bulk, { store, commands, logger, signal }: BulkSurroundings): Promise<void> {
  const phase: BulkPhase = bulk.undone === null ? 'do' : 'undo';
  const [known, done] = await Promise.all([resultsOf(store, bulk.bulkId, phase), resultsOf(store, bulk.bulkId, 'do')]);
  for (const { caseId, version } of bulk.cases) {
    if (signal.aborted) return;
    if (known.has(caseId)) continue;
    const given = phase === 'do' ? { command: bulk.command, by: bulk.by, version } : undoing(bulk, done.get(caseId));
    const result =
      'outcome' in given
        ? { caseId, ...given }
        : await resultOf(caseId, () => giveTo(commands, bulk, { caseId, ...given }), logger);
    await keepResult(store, bulk.bulkId, phase, result);
  }
  await markFinished(store, bulk);
}

interface ToGive {
  readonly caseId: string;
  readonly command: LifecycleCommand;
  readonly by: Actor;
  /** Any where absent. */
  readonly version?: number;
}

const giveTo = (commands: CaseCommands, { bulkId, undone }: Bulk, { caseId, command, by, version }: ToGive) =>
  commands.giveAs({
    caseId,
    by,
    command,
    commandId: `bulk/${bulkId}${undone === null ? '' : '/undo'}`,
    ...(version === undefined ? {} : { version }),
  });

/**
 * One case that is not to be had does not end the others: its problem is its result. Rejects with `UnavailableError` alone, of which
 * another case would say the same.
 */
export async function resultOf(caseId: string, give: () => Promise<object>, logger: Logger): Promise<BulkResult> {
  try {
    return { caseId, outcome: 'done', ...(await give()) };
  } catch (error) {
    if (error instanceof UnavailableError) throw error;
    const { code, detail } = problemOf(error);
    if (!(error instanceof ProblemException)) logger.error({ caseId, err: error }, 'a case of a bulk failed');
    return { caseId, outcome: code, detail };
  }
}

type Undoing = { readonly command: LifecycleCommand; readonly by: Actor } | Omit<BulkResult, 'caseId'>;

/** What takes back what the bulk did to a case, and nothing that somebody did there since. */
function undoing(bulk: Bulk, done: BulkResult | undefined): Undoing {
  const { bulkId, command } = bulk;
  const { by } = bulk.undone!;
  if (done?.outcome !== 'done') return { outcome: 'not_done', detail: 'The bulk did nothing to this case.' };
  const reason = `Undone together with bulk ${bulkId}.`;
  switch (command.kind) {
    case 'claim':
      return { command: { kind: 'release', of: bulk.by.sub }, by };
    case 'hold':
      return { command: { kind: 'resume', reason: command.reason }, by };
    case 'decide': {
      const decisionId = done.decisionId!;
      return { command: { kind: done.pendingApproval === true ? 'reject' : 'revert', decisionId, reason }, by };
    }
    default:
      return { outcome: 'not_undoable', detail: `What ${command.kind} did cannot be taken back.` };
  }
}
