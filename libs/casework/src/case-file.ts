import { isoTime, type IsoTime } from '@ringside/core';
import type { CaseProgressed } from '@ringside/events';

import type { CaseRules } from './case-rules.js';
import type { ShownState } from './decision-steps.js';
import type { OpenReason } from './open-times.js';
import type { Terms } from './terms.js';

/** Open while it has reports that no decision covers; claimed where somebody holds such a case. */
export type CaseStatus = 'open' | 'claimed' | 'decided';

type Progress = CaseProgressed['data'];

/** A decision as the case shows it. */
export type DecisionSummary = Omit<NonNullable<Progress['decision']>, 'reportIds' | 'state'> & {
  readonly state: ShownState;
  /** The step that said so last. */
  readonly caseVersion: number;
};

/** One team's file on one subject in one game: what its reports and the steps of its team make of it. */
export interface CaseFile {
  readonly caseId: string;
  readonly team: string;
  readonly game: string;
  readonly subjectId: string;
  readonly homeRegion: string;
  readonly status: CaseStatus;
  /** Events of the topic `reports` that concern this case: rises by one with each. */
  readonly revision: number;
  /** Of the last step of the case, as far as they came. */
  readonly streamVersion: number;
  /** What the terms of the case go on from, where another region has worked it: which steps have no effect. */
  readonly terms?: Terms;
  /** Reports that count: of this team's reasons, not suppressed, the first of its reporter, match and reason. */
  readonly reportCount: number;
  readonly distinctReporters: number;
  /** Counted reports by reason; reasons without any are left out. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Counted reports that no decision in effect covers. */
  readonly open: {
    readonly reports: number;
    readonly reporters: number;
    /** How far these reporters are believed, added up, in hundredths. */
    readonly credibility: number;
    readonly reasons: Readonly<Record<string, OpenReason>>;
  };
  /** Null until one of its reports has come: a decision may come before them. */
  readonly firstReportedAt: IsoTime | null;
  readonly lastReportedAt: IsoTime | null;
  /** Of the subject, over all teams, when they were last weighed; and which weighing it was. */
  readonly strikes: { readonly prior: number; readonly revision: number };
  readonly claim: Progress['claim'];
  readonly acknowledgedAt: IsoTime | null;
  readonly heldSince: IsoTime | null;
  readonly pausedMs: number;
  readonly escalated: boolean;
  readonly decisions: Readonly<Record<string, DecisionSummary>>;
}

export const statusOf = ({ open, claim }: Pick<CaseFile, 'open' | 'claim'>): CaseStatus => {
  if (open.reports === 0) return 'decided';
  return claim === null ? 'open' : 'claimed';
};

/** When the first of its open reports was filed; of a decided case, when the first of all was. Null before there is any. */
export function openedAt({ open, firstReportedAt }: Pick<CaseFile, 'open' | 'firstReportedAt'>): IsoTime | null {
  let earliest: IsoTime | null = null;
  for (const reason in open.reasons) {
    const { first } = open.reasons[reason]!;
    if (earliest === null || first < earliest) earliest = first;
  }
  return earliest ?? firstReportedAt;
}

/** When the last of its open reports was filed; null where nothing is open. */
export function lastOpenReportAt({ open }: Pick<CaseFile, 'open'>): IsoTime | null {
  let latest: IsoTime | null = null;
  for (const reason in open.reasons) {
    const { last } = open.reasons[reason]!;
    if (latest === null || last > latest) latest = last;
  }
  return latest;
}

/**
 * When a case must be decided, by the most urgent of its open reports; null once nothing is open. The time of past holds is added;
 * while a hold runs, the clock stands still at its beginning.
 */
export function dueAt(file: Pick<CaseFile, 'open' | 'pausedMs'>, rules: CaseRules): IsoTime | null {
  const due = dueMs(file, rules);
  return due === Infinity ? null : isoTime(due);
}

/** {@link dueAt} in ms since the epoch; infinite once nothing is open. */
export const dueMs = ({ open, pausedMs }: Pick<CaseFile, 'open' | 'pausedMs'>, rules: CaseRules): number =>
  soonestBy(open.reasons, pausedMs, ({ first }, reason) => Date.parse(first) + rules.weigh(reason).decideWithinHours * hourMs);

/**
 * When somebody has to have taken the case on, or earlier: reports that came after that happened last are due anew, and of these
 * only the last is known here. Null where nothing is.
 */
export function acknowledgeBy(file: Pick<CaseFile, 'open' | 'pausedMs' | 'acknowledgedAt'>, rules: CaseRules): IsoTime | null {
  const { acknowledgedAt } = file;
  const due = soonestBy(file.open.reasons, file.pausedMs, ({ first, last }, reason) => {
    const { decideWithinHours, acknowledgeWithinHours = decideWithinHours / 2 } = rules.weigh(reason);
    if (acknowledgedAt !== null && last <= acknowledgedAt) return Infinity;
    const from = acknowledgedAt !== null && acknowledgedAt > first ? acknowledgedAt : first;
    return Date.parse(from) + acknowledgeWithinHours * hourMs;
  });
  return due === Infinity ? null : isoTime(due);
}

const hourMs = 3_600_000;

function soonestBy(
  reasons: CaseFile['open']['reasons'],
  pausedMs: number,
  dueMsOf: (open: OpenReason, reason: string) => number,
): number {
  let soonest = Infinity;
  for (const reason in reasons) soonest = Math.min(soonest, dueMsOf(reasons[reason]!, reason));
  return soonest + pausedMs;
}

/** The claim whose lease runs at a time; a lease that ran out is none, whether or not anybody said so yet. */
export const claimAt = ({ claim }: Pick<CaseFile, 'claim'>, at: IsoTime): CaseFile['claim'] =>
  claim !== null && claim.until > at ? claim : null;

/** The case with its claim and its status as they are at a time. */
export function fileAt(file: CaseFile, at: IsoTime): CaseFile {
  const claim = claimAt(file, at);
  return claim === file.claim ? file : { ...file, claim, status: statusOf({ open: file.open, claim }) };
}
