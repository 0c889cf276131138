import type { IsoTime, JsonObject, Projection, RowKey, ViewWrite } from '@ringside/core';
import type { CaseEvent, RingsideEvent } from '@ringside/events';

/**
 * Appeals of a team, from the topic `cases`.
 *
 * - `appeals`: partition = appeal, row `appeal` (an {@link AppealOnFile}).
 * - `appeal_lists`: partition = state, key = time of filing and appeal. Points at the appeal.
 */
export const appealTables = { appeals: 'appeals', lists: 'appeal_lists' } as const;

export const appealStates = ['open', 'decided'] as const;

/** What a list shows of an appeal. What the player wrote is in the stream of the case alone. */
export interface AppealOnFile {
  readonly appealId: string;
  readonly caseId: string;
  readonly decisionId: string;
  readonly game: string;
  readonly playerId: string;
  readonly filedAt: IsoTime;
  readonly state: (typeof appealStates)[number];
  /** Null while it is open. */
  readonly outcome: 'upheld' | 'overturned' | null;
  readonly decidedAt: IsoTime | null;
}

export const appealRow = (appealId: string): RowKey => ({ table: appealTables.appeals, partition: appealId, key: 'appeal' });

const listRow = (state: AppealOnFile['state'], { filedAt, appealId }: AppealOnFile): RowKey => ({
  table: appealTables.lists,
  partition: state,
  key: `${filedAt}/${appealId}`,
});

type AppealStep = Extract<CaseEvent, { readonly type: 'AppealOpened' | 'AppealDecided' }>;

const isAppealStep = (event: RingsideEvent): event is AppealStep =>
  event.type === 'AppealOpened' || event.type === 'AppealDecided';

/** An appeal is opened once and decided once: a copy of either event finds that out, and changes nothing. */
export const appealsOnFile = ({ team }: { readonly team: string }): Projection<RingsideEvent> => ({
  name: 'AppealsOnFile',
  tables: Object.values(appealTables),
  entity: (event) => (isAppealStep(event) && event.data.team === team ? appealRow(event.data.appealId) : undefined),
  project: (event, rows) => {
    if (!isAppealStep(event)) return [];
    const before = rows.get(appealRow(event.data.appealId)) as AppealOnFile | undefined;
    if (event.type === 'AppealOpened') return before === undefined ? writes(opened(event)) : [];
    if (before?.state !== 'open') return [];
    const { outcome } = event.data;
    return [
      { kind: 'delete', ...listRow('open', before) },
      ...writes({ ...before, state: 'decided', outcome, decidedAt: event.time }),
    ];
  },
});

const opened = ({ data }: Extract<AppealStep, { readonly type: 'AppealOpened' }>): AppealOnFile => {
  const { appealId, caseId, decisionId, game, subjectId: playerId, filedAt } = data;
  return { appealId, caseId, decisionId, game, playerId, filedAt, state: 'open', outcome: null, decidedAt: null };
};

const writes = (appeal: AppealOnFile): readonly ViewWrite[] => [
  { kind: 'put', ...appealRow(appeal.appealId), value: appeal as unknown as JsonObject },
  { kind: 'put', ...listRow(appeal.state, appeal), value: { appealId: appeal.appealId } },
];
