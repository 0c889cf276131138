import { caseOf, isCaseEvent, versionOf, type CaseRules } from '@ringside/casework';
import type { Placement } from '@ringside/data-ring';
import type { StoredRecord } from '@ringside/event-log';
import { decodeEvent } from '@ringside/events';

import { whyNotBelieved } from '../inbound.js';

/** That something happened to a case: enough to know what to read again, and nothing that anybody wrote. */
export interface CaseChange {
  readonly caseId: string;
  /** The type of the event, such as `CaseClaimed` or `ReportFiled`. */
  readonly change: string;
  readonly at: string;
  /** Who did it; absent for what players did. */
  readonly by?: string;
  /** What a query has to wait for in order to show it; absent for reports. */
  readonly minVersion?: number;
}

/** The change to a case of this team that a record tells of; undefined for others, and for what is not of the contract, or not believed. */
export function changeOf(record: StoredRecord, rules: CaseRules, placement: Placement): CaseChange | undefined {
  const decoded = decodeEvent(record.bytes);
  if (!decoded.ok || whyNotBelieved(placement, record, decoded) !== undefined) return undefined;
  const event = decoded.value;
  const { type: change, time: at } = event;
  if (isCaseEvent(event)) {
    const { team, caseId, by, caseVersion } = event.data;
    if (team !== rules.team) return undefined;
    return { caseId, change, at, by, minVersion: versionOf({ streamVersion: caseVersion, revision: 0 }) };
  }
  // How a case stands after a step is told with the step.
  if (event.type === 'CaseProgressed') return undefined;
  const caseId = caseOf(event, rules);
  return caseId === undefined ? undefined : { caseId, change, at };
}
