import {
  isAnnouncement,
  takeStep,
  refuse,
  versionAfter,
  type CaseStep,
  type CommandContext,
  type Refusal,
} from '@ringside/casework';
import { deriveUuidv7, isoTime, ok } from '@ringside/core';
import { bySystem, caseProgressed, createEvent, type CaseEvent, type RingsideEvent } from '@ringside/events';

import type { CaseAggregate, CommandRequest } from '../aggregate.js';

/** As little of a case as there can be: notes, and whether it was escalated. */
export interface Notebook {
  readonly version: number;
  readonly texts: readonly string[];
  readonly escalated: boolean;
  readonly adopted?: { readonly basedOn: number; readonly homeRegion: string };
}

export type NotebookCommand = CommandContext &
  (
    | { readonly kind: 'note'; readonly texts: readonly string[] }
    /** Refused the second time. */
    | { readonly kind: 'escalate' }
    /** By the service, when there are so many steps. */
    | { readonly kind: 'tick'; readonly from: number }
    /** By the service: that a deadline is near. */
    | { readonly kind: 'announce' }
  );

const decider: CaseAggregate<Notebook, NotebookCommand>['decider'] = {
  initialState: { version: 0, texts: [], escalated: false },
  decide: (state, command) => {
    if (command.kind === 'note') return ok(command.texts.map((text) => takeStep(command, 'CaseNoted', { text })));
    if (command.kind === 'announce') {
      return ok([takeStep(command, 'DeadlineApproached', { deadline: 'decide', dueAt: command.at })]);
    }
    if (command.kind === 'tick' && (state.escalated || state.version < command.from)) return ok([]);
    if (state.escalated) return refuse('wrong_state', 'The case was escalated already.');
    return ok([takeStep(command, 'CaseEscalated', { reason: 'look' })]);
  },
  evolve: (state, step: CaseStep) => ({
    version: versionAfter(state.version, step),
    texts: step.type === 'CaseNoted' ? [...state.texts, step.data.text] : state.texts,
    escalated: state.escalated || step.type === 'CaseEscalated',
    ...(state.adopted && { adopted: state.adopted }),
    ...(step.type === 'CaseAdopted' && { adopted: { basedOn: step.data.basedOn, homeRegion: step.data.homeRegion } }),
  }),
};

export const notebooks: CaseAggregate<Notebook, NotebookCommand> = {
  decider,
  isAnnouncement,
  answer: ({ texts }, steps) => ({ texts: texts.length, steps: steps.length }),
  consequences: ({ version, escalated, adopted }, event: CaseEvent): readonly RingsideEvent[] => {
    const { id, time, region, source, data } = event;
    const { caseId, team, game, subjectId } = data;
    const standing = { claim: null, acknowledgedAt: null, heldSince: null, pausedMs: 0, escalated };
    return [
      createEvent(caseProgressed, {
        data: { caseId, team, game, subjectId, homeRegion: region, ...adopted, caseVersion: version, ...standing },
        ...{ time, region, source, id: deriveUuidv7(id, 'CaseProgressed') },
      }),
    ];
  },
};

export type NotebookRefusal = Refusal;

const at = isoTime(Date.UTC(2026, 0, 31, 12));

const contextOf = (caseId: string, sub: string): CommandContext => ({
  ...{ caseId, subjectId: 'subject-1', at },
  by: { sub, roles: ['case_worker'] },
  background: { openReports: [], priorStrikes: 0 },
});

type OwnPart<Command> = Command extends unknown ? Omit<Command, keyof CommandContext> : never;

/** A request; everything that the tests do not care about is the same in all. */
export function aRequest(
  commandId: string,
  command: OwnPart<NotebookCommand>,
  { caseId = 'case-1', expectedVersion }: { readonly caseId?: string; readonly expectedVersion?: number } = {},
): CommandRequest<NotebookCommand> {
  const context = contextOf(caseId, command.kind === 'note' || command.kind === 'escalate' ? 'worker-1' : bySystem);
  return {
    case: { caseId, team: 'cheating', game: 'stormfall', subjectId: 'subject-1' },
    commandId,
    fingerprint: JSON.stringify(command),
    ...(expectedVersion === undefined ? {} : { expectedVersion }),
    command: { ...context, ...command } as NotebookCommand,
  };
}

/** A command of so many notes, all of them its own. */
export const notes = (commandId: string, count = 1): { readonly kind: 'note'; readonly texts: readonly string[] } => ({
  kind: 'note',
  texts: Array.from({ length: count }, (_, i) => `${commandId}#${i}`),
});
