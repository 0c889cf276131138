import type { IsoTime, JsonObject, Projection, RowKey, ViewWrite } from '@ringside/core';
import type { CaseEvent, RingsideEvent } from '@ringside/events';

import { put } from './case-rows.js';
import { lastSaid } from './decision-steps.js';
import { withTerm, type Terms } from './terms.js';

/**
 * Appeals of a team, from the topic `cases`.
 *
 * - `appeals`: partition = appeal, row `appeal` (an {@link AppealOnFile}).
 * - `appeal_lists`: partition = state, key = time of filing and appeal. Points at the appeal. None of what is superseded.
 * - `case_appeals`: partition = case, row `appeals`: what each step said of them ({@link CaseAppeals}), of which the others are made.
 */
export const appealTables = { appeals: 'appeals', lists: 'appeal_lists', steps: 'case_appeals' } as const;

/** Each has a list. */
export const appealStates = ['open', 'decided'] as const;
/** `superseded`: taken up by a region in whose place another one works the case, which does not know of it. */
export const shownAppealStates = [...appealStates, 'superseded'] as const;

/** What a list shows of an appeal. What the player wrote is in the table of the appeals filed, in the region that keeps it. */
export interface AppealOnFile {
  readonly appealId: string;
  readonly caseId: string;
  readonly decisionId: string;
  readonly game: string;
  readonly playerId: string;
  readonly filedAt: IsoTime;
  readonly statementHeldIn: string;
  readonly state: (typeof shownAppealStates)[number];
  /** Null while it is open. */
  readonly outcome: 'upheld' | 'overturned' | null;
  readonly decidedAt: IsoTime | null;
}

export const appealRow = (appealId: string): RowKey => ({ table: appealTables.appeals, partition: appealId, key: 'appeal' });

const listRow = (state: (typeof appealStates)[number], { filedAt, appealId }: AppealOnFile): RowKey => ({
  table: appealTables.lists,
  partition: state,
  key: `${filedAt}/${appealId}`,
});

interface AppealStep {
  readonly caseVersion: number;
  readonly state: (typeof appealStates)[number];
  readonly outcome: AppealOnFile['outcome'];
  readonly decidedAt: IsoTime | null;
}

/** What the appeal says by itself. Null as long as only the answer to it has come. */
type Opened = Pick<AppealOnFile, 'appealId' | 'caseId' | 'decisionId' | 'game' | 'playerId' | 'filedAt' | 'statementHeldIn'>;

interface CaseAppeals {
  readonly terms?: Terms;
  readonly appeals: Readonly<Record<string, { readonly opened: Opened | null; readonly steps: readonly AppealStep[] }>>;
}

type AppealEvent = Extract<CaseEvent, { readonly type: 'AppealOpened' | 'AppealDecided' | 'CaseAdopted' }>;

const isAppealEvent = (event: RingsideEvent): event is AppealEvent =>
  event.type === 'AppealOpened' || event.type === 'AppealDecided' || event.type === 'CaseAdopted';

const caseAppealsRow = (caseId: string): RowKey => ({ table: appealTables.steps, partition: caseId, key: 'appeals' });

/** Which steps about an appeal have effect depends on the terms of its case, so the appeals of a case are looked at together. */
export const appealsOnFile = ({ team }: { readonly team: string }): Projection<RingsideEvent> => ({
  name: 'AppealsOnFile',
  tables: Object.values(appealTables),
  entity: (event) => (isAppealEvent(event) && event.data.team === team ? caseAppealsRow(event.data.caseId) : undefined),
  project: (event, rows) => {
    if (!isAppealEvent(event)) return [];
    const row = caseAppealsRow(event.data.caseId);
    const before = (rows.get(row) as unknown as CaseAppeals | undefined) ?? { appeals: {} };
    const after = evolve(before, event);
    const changes = Object.keys(after.appeals).flatMap((appealId) => {
      const [was, is] = [onFile(before, appealId), onFile(after, appealId)];
      return is === undefined || JSON.stringify(was) === JSON.stringify(is) ? [] : moved(was, is);
    });
    return [put(row, after), ...changes];
  },
});

function evolve(before: CaseAppeals, event: AppealEvent): CaseAppeals {
  if (event.type === 'CaseAdopted') {
    const terms = withTerm(before.terms, event.data.caseVersion, event.data.basedOn);
    return terms === undefined ? before : { ...before, terms };
  }
  const { appealId } = event.data;
  const { opened = null, steps = [] } = before.appeals[appealId] ?? {};
  const step = stepOf(event);
  const others = steps.filter(({ caseVersion }) => caseVersion !== step.caseVersion);
  const appeal = {
    opened: event.type === 'AppealOpened' ? openedBy(event) : opened,
    steps: [...others, step].sort((a, b) => a.caseVersion - b.caseVersion),
  };
  const appeals = Object.entries({ ...before.appeals, [appealId]: appeal }).sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...before, appeals: Object.fromEntries(appeals) };
}

type Taken = Exclude<AppealEvent, { readonly type: 'CaseAdopted' }>;

const stepOf = ({ type, time, data }: Taken): AppealStep =>
  type === 'AppealOpened'
    ? { caseVersion: data.caseVersion, state: 'open', outcome: null, decidedAt: null }
    : { caseVersion: data.caseVersion, state: 'decided', outcome: data.outcome, decidedAt: time };

const openedBy = ({ data }: Extract<Taken, { readonly type: 'AppealOpened' }>): Opened => {
  const { appealId, caseId, decisionId, game, subjectId: playerId, filedAt, statementHeldIn } = data;
  return { appealId, caseId, decisionId, game, playerId, filedAt, statementHeldIn };
};

function onFile({ terms, appeals }: CaseAppeals, appealId: string): AppealOnFile | undefined {
  const { opened = null, steps = [] } = appeals[appealId] ?? {};
  const said = lastSaid(steps, terms);
  if (opened === null || said === undefined) return undefined;
  const { state, outcome, decidedAt } = said;
  return { ...opened, state, outcome, decidedAt };
}

const isListed = (state: AppealOnFile['state']): state is (typeof appealStates)[number] => state !== 'superseded';

function moved(was: AppealOnFile | undefined, is: AppealOnFile): readonly ViewWrite[] {
  const writes: ViewWrite[] = [{ kind: 'put', ...appealRow(is.appealId), value: is as unknown as JsonObject }];
  if (was !== undefined && was.state !== is.state && isListed(was.state)) {
    writes.push({ kind: 'delete', ...listRow(was.state, was) });
  }
  if (isListed(is.state)) writes.push({ kind: 'put', ...listRow(is.state, is), value: { appealId: is.appealId } });
  return writes;
}
