import { faultsOfTime, type Figures, type Verdict } from '../report.js';
import { megabytes } from '../witness.js';
import type { Tally } from './load.js';

/** How many times its capacity the service is offered. */
export const times = 10;
/** Reports in a batch. */
export const linesEach = 100;
/** p99 of what is accepted under the overload, against that of a single caller. */
const latencyRatioMax = 100;
const memoryBytesMax = 768 * 1024 * 1024;
const recoveryMsMax = 5_000;
/** Of its capacity, what is accepted under the overload. */
const goodputMin = 0.1;

/** What an overload came to. */
export interface Overloaded {
  /** Batches a second that the service takes. */
  readonly capacity: number;
  /** One caller, before. */
  readonly alone: Tally;
  /** The overload itself. */
  readonly over: Tally;
  readonly seconds: number;
  readonly memoryBefore: number;
  readonly memoryPeak: number;
  /** Until it was as fast as before; Infinity where it was not for a minute. */
  readonly recoveryMs: number;
  /** Reports that were accepted before and during it, and how many of them the log does not have. */
  readonly accepted: number;
  readonly missing: number;
}

export const reports = (batches: number): string => Math.round(batches * linesEach).toLocaleString('en');

const offeredIn = ({ over, capacity }: Overloaded): number => over.sent / over.ms / (capacity / 1_000);

/**
 * What is counted is judged always. What took how long, in relation to what another second took, says little while other things run
 * on the machine: in the short form it is only said.
 */
export function verdictsOf(overloaded: Overloaded, short: boolean): readonly Verdict[] {
  const { capacity, alone, over, memoryBefore, memoryPeak, recoveryMs, accepted, missing, seconds } = overloaded;
  const offered = offeredIn(overloaded);
  const sent = `${offered.toFixed(1)} times ${reports(capacity)} reports/s, in batches of ${linesEach}, for ${seconds} s`;
  const goodput = (over.accepted * 1_000) / over.ms / capacity;
  const ratio = over.p99 / Math.max(1, alone.p99);
  const strange = Object.entries(over.others).map(([status, count]) => `${count} x ${status}`);
  const counted = (name: string, came: string, ...faults: readonly (string | false)[]): Verdict => ({
    ...{ part: 'overload', group: 'overload', name, sent, came, ms: over.ms },
    faults: faults.filter((fault) => fault !== false),
  });
  const timed = (verdict: Verdict, ...faults: readonly (string | false)[]): Verdict => {
    const { faults: slow, notJudged } = faultsOfTime(
      faults.filter((fault) => fault !== false),
      short,
    );
    return { ...verdict, faults: [...verdict.faults, ...slow], notJudged };
  };
  return [
    timed(
      counted(
        'the load itself',
        `${over.sent.toLocaleString('en')} sent of ${over.due.toLocaleString('en')} that were due`,
        over.sent === 0 && 'nothing was sent',
      ),
      offered < times * 0.9 && `the client could not offer ${times} times the capacity`,
    ),
    counted(
      'answers',
      `${over.accepted.toLocaleString('en')} accepted, ${over.putOff.toLocaleString('en')} put off, ${over.broken} broken, ${over.unanswered} unanswered`,
      ...strange,
      over.broken > 0 && `${over.broken} connections ended without an answer`,
      over.unanswered > 0 && `${over.unanswered} unanswered`,
    ),
    timed(
      counted('what goes on', `${Math.round(goodput * 100)} % of the capacity accepted`, over.accepted === 0 && 'nothing'),
      goodput < goodputMin && `less than ${goodputMin * 100} %`,
    ),
    timed(
      counted(
        'latency of the accepted',
        `p50 ${Math.round(over.p50)} ms, p99 ${Math.round(over.p99)} ms: ${Math.round(ratio)} times that of one caller (${alone.p99.toFixed(1)} ms)`,
      ),
      ratio > latencyRatioMax && `more than ${latencyRatioMax} times`,
    ),
    counted(
      'memory',
      `${megabytes(memoryBefore)} MiB before, ${megabytes(memoryPeak)} MiB at the peak`,
      memoryPeak > memoryBytesMax && `more than ${megabytes(memoryBytesMax)} MiB`,
    ),
    timed(
      counted(
        'recovery',
        recoveryMs === Infinity ? 'not as fast as before' : `as fast as before after ${Math.round(recoveryMs)} ms`,
        recoveryMs === Infinity && 'not within a minute',
      ),
      recoveryMs > recoveryMsMax && `later than ${recoveryMsMax} ms`,
    ),
    counted(
      'durability',
      `${accepted.toLocaleString('en')} reports accepted, ${missing} of them missing in the log`,
      accepted === 0 && 'none was accepted',
      missing > 0 && `${missing} are missing`,
    ),
  ];
}

export function figuresOf(overloaded: Overloaded): Figures {
  const { capacity, alone, over, memoryPeak, recoveryMs, missing } = overloaded;
  return {
    'capacity in reports/s': Math.round(capacity * linesEach),
    'offered in times': Number(offeredIn(overloaded).toFixed(1)),
    'batches accepted': over.accepted,
    'batches put off': over.putOff,
    'p99 of one caller in ms': Number(alone.p99.toFixed(1)),
    'p99 under the overload in ms': Math.round(over.p99),
    'memory at its peak in MiB': megabytes(memoryPeak),
    'recovery in ms': Math.round(recoveryMs),
    'accepted and missing': missing,
  };
}
