import { problems, type Logger, type ProblemException } from '@ringside/platform';

/**
 * Logs what went wrong on our side with lines of batches. A line's problem is part of an answer with status 200: neither the filter
 * that logs the problems of requests nor the log of requests ever sees it.
 */
export type LineFaults = (ofBatch: readonly ProblemException[]) => void;

/** Log lines for one batch, at most: a thousand lines that fail alike are one, and a thousand that do not are no thousand either. */
const linesPerBatchMax = 10;

/** A line a second is enough to tell of an outage, as for single requests; the metrics count what it hits. */
const outageLineMsMin = 1_000;

export function lineFaults(logger: Logger): LineFaults {
  let lastOutageLineAt = -Infinity;

  const logFaults = (faults: readonly ProblemException[]): void => {
    const alike = [...groupAlike(faults).values()];
    for (const { cause, lines } of alike.slice(0, linesPerBatchMax)) {
      logger.error({ err: cause, lines, linesFailed: faults.length }, 'lines of a batch failed');
    }
  };

  const logOutage = (outages: readonly ProblemException[]): void => {
    const now = performance.now();
    if (now - lastOutageLineAt < outageLineMsMin) return;
    lastOutageLineAt = now;
    const { code, cause } = outages[0]!;
    logger.warn({ code, err: cause, lines: outages.length }, 'lines of a batch not taken');
  };

  return (ofBatch) => {
    const faults = ofBatch.filter(({ kind }) => kind === problems.internal);
    const outages = ofBatch.filter(({ kind }) => kind.status === 503);
    if (faults.length > 0) logFaults(faults);
    if (outages.length > 0) logOutage(outages);
  };
}

/** The first cause of each kind, and how many lines it has hit. */
function groupAlike(faults: readonly ProblemException[]): ReadonlyMap<string, { readonly cause: unknown; lines: number }> {
  const groups = new Map<string, { readonly cause: unknown; lines: number }>();
  for (const fault of faults) {
    const cause = fault.cause ?? fault;
    const likeness = String(cause); // an error's name and message
    const group = groups.get(likeness);
    if (group === undefined) groups.set(likeness, { cause, lines: 1 });
    else group.lines += 1;
  }
  return groups;
}
