import { caseIdOf, type CaseRules } from '@ringside/casework';
import type { JsonObject, Projection } from '@ringside/core';
import type { RingsideEvent } from '@ringside/events';

export const ledgerTable = 'simulated_ledger';

/** Reports of this reporter are what a deployment with a fault in it cannot take. */
export const cursedReporter = 'r-cursed';

/** What is deployed: one with a fault throws, until the next one is. */
export interface Deployment {
  isBroken: boolean;
}

/**
 * A view of the simulator's own beside the team's: which reports each case took, in what order. Unlike the team's it depends on the
 * order, so it shows where that of one key was not kept, and where a report was taken twice.
 */
export function ledger(rules: CaseRules, deployment: Deployment): Projection<RingsideEvent> {
  return {
    name: 'Ledger',
    tables: [ledgerTable],
    entity: (event) => {
      if (event.type !== 'ReportFiled' || !rules.captures(event.data.reason)) return undefined;
      const { game, subjectId } = event.data;
      return { table: ledgerTable, partition: caseIdOf(rules.team, game, subjectId), key: 'taken' };
    },
    project: (event, reader) => {
      if (event.type !== 'ReportFiled') return [];
      const { game, subjectId, reporterId, reportId } = event.data;
      if (deployment.isBroken && reporterId === cursedReporter) throw new Error('This deployment has a fault.');
      const row = { table: ledgerTable, partition: caseIdOf(rules.team, game, subjectId), key: 'taken' };
      const taken = (reader.get(row) as { readonly reports: readonly string[] } | undefined)?.reports ?? [];
      return [{ kind: 'put', ...row, value: { reports: [...taken, reportId] } as JsonObject }];
    },
  };
}
