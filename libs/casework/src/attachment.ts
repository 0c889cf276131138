import type { ReportFiled, ReportRerouted } from '@ringside/events';

import type { CaseRules } from './case-rules.js';

/** A report as one case holds it. */
export interface Attachment {
  readonly reportId: string;
  readonly reporterId: string;
  /** The reason that counts now: the one filed, or the last one that a triager gave. */
  readonly reason: string;
  readonly firstReason: string;
  readonly filedAt: string;
  readonly occurredAt: string | null;
  readonly matchId: string | null;
  readonly hasEvidence: boolean;
  /** How often a triager had given it another reason. */
  readonly reroutings: number;
  /** The reasons that it had before, oldest first; as many as there were reroutings. */
  readonly priorReasons: readonly string[];
  /** False once its reason is no longer this team's. It stays on file, and out of every count. */
  readonly active: boolean;
  /** Its reason goes before all others: it counts whoever filed it, and however many they did. */
  readonly first?: true;
}

export type ReportEvent = ReportFiled | ReportRerouted;

/** Whether an event has to do with a team: by its reason, or by one that the report had before. */
export function concerns(event: ReportEvent, captures: (reason: string) => boolean): boolean {
  if (captures(event.data.reason)) return true;
  return event.type === 'ReportRerouted' && event.data.priorReasons.some(captures);
}

/**
 * What the case holds of a report after an event. The outcome depends on the set of events alone, not on their order: the
 * rerouting with the longest history wins, and a report that was rerouted before its filing arrived is not filed anew.
 */
export function attach(
  before: Attachment | undefined,
  event: ReportEvent,
  { captures, weigh }: Pick<CaseRules, 'captures' | 'weigh'>,
): Attachment {
  const priorReasons = event.type === 'ReportRerouted' ? event.data.priorReasons : [];
  const reroutings = priorReasons.length;
  if (before !== undefined && before.reroutings >= reroutings) return before;
  const { reportId, reporterId, reason, filedAt, occurredAt, matchId, hasEvidence } = event.data;
  const active = captures(reason);
  const attachment: Attachment = {
    reportId,
    reporterId,
    reason,
    firstReason: priorReasons[0] ?? reason,
    filedAt,
    occurredAt: occurredAt ?? null,
    matchId: matchId ?? null,
    hasEvidence,
    reroutings,
    priorReasons,
    active,
  };
  return active && weigh(reason).first ? { ...attachment, first: true } : attachment;
}
