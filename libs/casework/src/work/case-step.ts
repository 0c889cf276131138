import type { IsoTime } from '@ringside/core';
import type { CaseEvent } from '@ringside/events';

import type { CommandContext } from './case-command.js';

/** What every event of a case says beside its own data; whoever stores a step adds it. */
type Common = 'caseId' | 'team' | 'game' | 'subjectId' | 'caseVersion' | 'by';

type StepOf<Event> = Event extends { readonly type: infer Type; readonly data: infer Data }
  ? {
      readonly type: Type;
      readonly at: IsoTime;
      readonly by: string;
      readonly data: { readonly [Field in keyof Data as Exclude<Field, Common>]: Data[Field] };
    }
  : never;

/** An event of a case's stream as a decider sees it: what happened, when, and by whom. */
export type CaseStep = StepOf<CaseEvent>;

export function stepOf({ type, time, data }: CaseEvent): CaseStep {
  const { caseId: _case, team: _team, game: _game, subjectId: _subject, caseVersion: _version, by, ...own } = data;
  return { type, at: time, by, data: own } as CaseStep;
}

/** Says what anybody can tell from the time: nothing that was seen of the case is otherwise, so nobody has to have seen it. */
export const isAnnouncement = ({ type }: CaseStep): boolean => type === 'DeadlineApproached' || type === 'DeadlineBreached';

/** What a command leads to: a step at its time, by whoever gave it. */
export const takeStep = <Type extends CaseStep['type']>(
  { at, by }: CommandContext,
  type: Type,
  data: Extract<CaseStep, { readonly type: Type }>['data'],
): CaseStep => ({ type, at, by: by.sub, data }) as CaseStep;
