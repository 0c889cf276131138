import { caseIdOf, caseTables } from '@ringside/casework';
import { decodeEvent, reportReasons } from '@ringside/events';

import type { AcceptedReport } from '../load/reports.js';
import { ledgerTable } from '../services/ledger.js';
import type { Simulation } from '../run/simulation.js';

/** Which teams a report concerns, by the table of the report dialog: what no team owns is for others-triage. */
const teamsOf = (reason: string): readonly string[] => {
  const owners: readonly string[] = reportReasons.find((one) => one.reason === reason)?.teams ?? [];
  return owners.length === 0 ? ['others-triage'] : owners;
};

export interface Captured {
  readonly faults: readonly string[];
  /** Reports of which any of that is not so. */
  readonly astray: number;
}

/** Every report that was accepted is on the log of every region, and captured by the teams that it concerns and by no other, once. */
export function captured(simulation: Simulation, accepted: readonly AcceptedReport[]): Captured {
  const faults: string[] = [];
  const astray = new Set<string>();
  const fail = (reportId: string, fault: string): void => {
    faults.push(fault);
    astray.add(reportId);
  };
  sameUnderOneKey(accepted, fail);
  for (const { log, name, stores } of simulation.regions) {
    const filed = new Set<string>();
    for (const record of log.topics.get('reports')!.partitions.flat()) {
      const decoded = decodeEvent(record.bytes);
      if (decoded.ok && decoded.value.type === 'ReportFiled') filed.add(decoded.value.data.reportId);
    }
    for (const report of accepted) {
      if (!filed.has(report.reportId))
        fail(report.reportId, `Report ${report.reportId} was accepted, and the log of ${name} does not have it.`);
    }
    for (const { service, rules } of simulation.scenario.teams) {
      const store = stores.get(service)!;
      for (const { reportId, game, subjectId, reason } of accepted) {
        if (isParked(simulation, name, service, reportId)) continue;
        const caseId = caseIdOf(rules.team, game, subjectId);
        const isTheirs = teamsOf(reason).includes(rules.team);
        const row = store.row({ table: `${caseTables.cases}_g1`, partition: caseId, key: `report/${reportId}` });
        const taken = store.row({ table: `${ledgerTable}_g1`, partition: caseId, key: 'taken' })?.value['reports'] as
          readonly string[] | undefined;
        const times = taken?.filter((one) => one === reportId).length ?? 0;
        if (isTheirs && row === undefined)
          fail(reportId, `${service} in ${name} has not captured report ${reportId} (${reason}).`);
        if (times !== (isTheirs ? 1 : 0))
          fail(reportId, `${service} in ${name} has taken report ${reportId} (${reason}) ${times} times.`);
      }
    }
  }
  return { faults, astray: astray.size };
}

function sameUnderOneKey(accepted: readonly AcceptedReport[], fail: (reportId: string, fault: string) => void): void {
  const ids = new Map<string, string>();
  for (const { key, reportId, region } of accepted) {
    const name = `${region} ${key}`;
    const before = ids.get(name);
    if (key !== undefined && before !== undefined && before !== reportId)
      fail(reportId, `${key} in ${region} was answered ${before}, and then ${reportId}.`);
    ids.set(name, reportId);
  }
}

/** Behind bytes that are no event, a report waits for somebody to look at these. */
export function isParked({ regions }: Simulation, region: string, service: string, reportId: string): boolean {
  const store = regions.find(({ name }) => name === region)!.stores.get(service)!;
  return store
    .partitionsOf('parked_events_g1')
    .some((partition) => store.rowsOf('parked_events_g1', partition).some(({ value }) => value['eventId'] === reportId));
}
