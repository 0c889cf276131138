import { timeOfUuidv7 } from '@ringside/core';

/** For so long after it was filed, or acknowledged, a report may not be in the view yet. */
const youngMsMax = 5_000;

/**
 * A report that is acknowledged within this time of its filing is young by its id for long enough; what takes longer is noted.
 */
const promptMsMax = 1_000;

/** Beyond this the oldest are forgotten: whoever follows one of them at once may then be told that it is not there. */
const receiptsMax = 10_000;

/**
 * Reports that this process has acknowledged long after the time in their ids: since the log took its time, or since they were sent
 * again under their keys. They are as new to their senders, and to the view, as those that were filed this moment.
 */
export interface LateReceipts {
  /** To be called whenever a report is acknowledged. */
  acknowledged(reportId: string, now: number): void;
  /** Whether the report may have been acknowledged so lately that the view has yet to hear of it. */
  isYoung(reportId: string, now: number): boolean;
}

export function lateReceipts(): LateReceipts {
  // In the order in which they were acknowledged.
  const acknowledgedAt = new Map<string, number>();

  const forgetOld = (now: number): void => {
    for (const [reportId, at] of acknowledgedAt) {
      if (Math.abs(now - at) < youngMsMax && acknowledgedAt.size < receiptsMax) return;
      acknowledgedAt.delete(reportId);
    }
  };

  return {
    acknowledged: (reportId, now) => {
      if (Math.abs(now - timeOfUuidv7(reportId)) < promptMsMax) return;
      acknowledgedAt.delete(reportId);
      forgetOld(now);
      acknowledgedAt.set(reportId, now);
    },
    isYoung: (reportId, now) => {
      const since = acknowledgedAt.get(reportId) ?? timeOfUuidv7(reportId);
      return Math.abs(now - since) < youngMsMax;
    },
  };
}
