import type { IsoTime, Projection, RowKey } from '@ringside/core';
import type { RingsideEvent } from '@ringside/events';

/**
 * Partition = appeal, row `filed` (a {@link FiledAppeal}). Regional and personal. Whose decision it is about the streams of cases tell.
 */
export const appealsFiledTable = 'appeals_filed';

/** An appeal as the player filed it: the only place from which a team reads their words. */
export interface FiledAppeal {
  readonly decisionId: string;
  readonly filedAt: IsoTime;
  readonly statement: string;
}

/** The case that a decision is about: the id of a decision begins with it. Undefined for what is no such id. */
export const caseOfDecision = (decisionId: string): string | undefined =>
  /^([A-Za-z0-9_-]{22})\.\d{1,15}$/.exec(decisionId)?.[1];

export const filedAppealRow = (appealId: string): RowKey => ({ table: appealsFiledTable, partition: appealId, key: 'filed' });

/** Insert-only: an appeal is filed once. */
export const appealsFiled: Projection<RingsideEvent> = {
  name: 'AppealsFiled',
  tables: [appealsFiledTable],
  entity: (event) =>
    event.type === 'AppealFiled' && caseOfDecision(event.data.decisionId) !== undefined
      ? filedAppealRow(event.data.appealId)
      : undefined,
  project: (event) => {
    if (event.type !== 'AppealFiled') return [];
    const { appealId, decisionId, filedAt, statement } = event.data;
    return [{ kind: 'put', ...filedAppealRow(appealId), value: { decisionId, filedAt, statement } satisfies FiledAppeal }];
  },
};
