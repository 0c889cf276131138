import { isoTime } from '@ringside/core';
import { caseEventDefinitions, createEvent, encodeEvent, type CaseEvent } from '@ringside/events';
import fc from 'fast-check';

import { casePeople, caseTimes, type CasePerson, type ReportsOfCase } from './case-table.js';
import { anyCaseEvent } from './contract-arbitraries.js';

interface Decided {
  readonly decisions: Readonly<Record<string, unknown>>;
  readonly appeals: Readonly<Record<string, unknown>>;
}

export interface CommandOfTeam {
  readonly kind: string;
  readonly by: { readonly sub: string };
  readonly background: ReportsOfCase;
}

/** A command that is given to the case as it has become. */
export type CommandOn<Command> = (state: Decided) => Command;

const people: readonly CasePerson[] = Object.values(casePeople);
const reportIds = ['r0', 'r1', 'r2', 'r3'];

/**
 * The commands of a team in any order, as different people give them while time passes, on reports that some views show as open. Those
 * about decisions and appeals name one that the case has, where it has any.
 */
export const anyCommandsOf = <Command extends CommandOfTeam>(
  commands: Readonly<Record<string, Command>>,
): fc.Arbitrary<readonly CommandOn<Command>[]> => {
  const draft = fc.record({
    name: fc.constantFrom(...Object.keys(commands)),
    // Mostly by whoever may give it: else next to nothing would ever be taken.
    by: fc.option(fc.constantFrom(...people), { freq: 3, nil: undefined }),
    minutes: fc.constantFrom(0, 1, 5, 31, 4_400),
    seen: fc.subarray(reportIds, { minLength: 1 }),
    pick: fc.nat(20),
  });
  return fc.array(draft, { minLength: 5, maxLength: 30 }).map((drafts) => {
    let at = Date.parse(caseTimes.now);
    return drafts.map(({ name, by, minutes, seen, pick }) => {
      at += minutes * 60_000;
      const given = commands[name]!;
      const [{ reason, filedAt }] = given.background.openReports as [ReportsOfCase['openReports'][number]];
      const openReports = seen.map((reportId) => ({ reportId, reason, filedAt }));
      const command: Command = {
        ...given,
        ...{ at: isoTime(at), by: by ?? given.by, background: { ...given.background, openReports } },
      };
      return ({ decisions, appeals }: Decided) => ({
        ...command,
        ...oneOf(command, 'decisionId', decisions, pick),
        ...oneOf(command, 'appealId', appeals, pick),
      });
    });
  });
};

/** New appeals keep the id that they come with. */
function oneOf(
  command: { readonly kind: string },
  field: string,
  known: Readonly<Record<string, unknown>>,
  pick: number,
): object {
  if (!(field in command)) return {};
  if (command.kind === 'open_appeal' && field === 'appealId') return { appealId: `a${pick}` };
  const ids = Object.keys(known);
  return ids.length === 0 ? {} : { [field]: ids[pick % ids.length]! };
}

/** A step as a decider has it: what happened, when and by whom. */
export interface StepOfCase {
  readonly type: string;
  readonly at: string;
  readonly by: string;
  readonly data: object;
}

/** The event that a step becomes; throws where the contract does not take it. */
export function eventOfStep(step: StepOfCase, caseVersion: number): CaseEvent {
  const definition = caseEventDefinitions.find(({ type }) => type === step.type)!;
  const ofCase = { caseId: 'c1', team: 'team', game: 'stormfall', subjectId: 's1', caseVersion, by: step.by };
  const event = createEvent(definition as never, {
    ...{ time: step.at, region: 'eu', source: 'team' },
    data: { ...ofCase, ...step.data } as never,
  }) as CaseEvent;
  encodeEvent(event);
  return event;
}

/** Steps of any stream, also of one that no decider would write: they name the same few decisions, appeals and reports. */
export const anyCaseEvents: fc.Arbitrary<readonly CaseEvent[]> = fc.array(
  fc.tuple(anyCaseEvent, fc.nat(2), fc.subarray(reportIds)).map(([event, pick, reports]) => {
    const data: Record<string, unknown> = { ...event.data };
    if ('decisionId' in data) data['decisionId'] = `c1.${pick}`;
    if ('decision' in data)
      data['decision'] = { ...(data['decision'] as object), decisionId: `c1.${pick}`, reportIds: reports };
    if ('appealId' in data) data['appealId'] = `a${pick}`;
    if ('reportIds' in data) data['reportIds'] = reports;
    return { ...event, data } as unknown as CaseEvent;
  }),
  { maxLength: 30 },
);
