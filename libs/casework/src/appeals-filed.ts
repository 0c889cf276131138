import type { Projection, RowKey } from '@ringside/core';
import type { RingsideEvent } from '@ringside/events';

/** Partition = appeal, row `filed`: that it came in, and against which decision. Whose decision that is the streams of cases tell. */
export const appealsFiledTable = 'appeals_filed';

/** The case that a decision is about: the id of a decision begins with it. Undefined for what is no such id. */
export const caseOfDecision = (decisionId: string): string | undefined =>
  /^([A-Za-z0-9_-]{22})\.\d{1,15}$/.exec(decisionId)?.[1];

const filedRow = (appealId: string): RowKey => ({ table: appealsFiledTable, partition: appealId, key: 'filed' });

/** Insert-only: an appeal is filed once. */
export const appealsFiled: Projection<RingsideEvent> = {
  name: 'AppealsFiled',
  tables: [appealsFiledTable],
  entity: (event) =>
    event.type === 'AppealFiled' && caseOfDecision(event.data.decisionId) !== undefined
      ? filedRow(event.data.appealId)
      : undefined,
  project: (event) => {
    if (event.type !== 'AppealFiled') return [];
    const { appealId, decisionId, filedAt } = event.data;
    return [{ kind: 'put', ...filedRow(appealId), value: { decisionId, filedAt } }];
  },
};
