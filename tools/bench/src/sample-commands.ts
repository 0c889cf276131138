import { createHash } from 'node:crypto';
import type { CommandContext, LifecycleCommand } from '@ringside/casework';
import { isoTime, uuidv7 } from '@ringside/core';
import type { CommandRequest } from '@ringside/team-kit';

/** The team whose decider is asked. */
export const commandingTeam = 'cheating';

export interface CommandSampleOptions {
  readonly commands: number;
  readonly cases: number;
  /** Goes into the ids of the cases. */
  readonly name: string;
}

/** What is done to each case in turn: every command leads to one step, and to none if the one before it was not taken. */
const round: readonly LifecycleCommand[] = [
  { kind: 'claim' },
  { kind: 'note', text: 'The aim follows the head through walls in two replays; asked the game team for the telemetry.' },
  { kind: 'hold', reason: 'Waits for the telemetry of the match.' },
  { kind: 'resume' },
  { kind: 'release' },
];

/** Commands of one afternoon: the next case with every command, and all over again from the first one. */
export function sampleCommands({ commands, cases, name }: CommandSampleOptions): readonly CommandRequest<CommandContext>[] {
  const noon = Date.UTC(2026, 0, 31, 12);
  return Array.from({ length: commands }, (_, i): CommandRequest<CommandContext> => {
    const number = i % cases;
    const expectedVersion = Math.floor(i / cases);
    const subject = { caseId: `${name}-case-${number}`, subjectId: `bench-subject-${number}` };
    const content = round[expectedVersion % round.length]!;
    const by = { sub: `bench-worker-${number % 40}`, roles: ['case_worker'] as const };
    const openReports = [{ reportId: `report-${number}`, reason: 'aimbot', filedAt: isoTime(noon) }];
    const background = { openReports, priorStrikes: 0 };
    const command: LifecycleCommand & CommandContext = { ...content, ...subject, at: isoTime(noon + i), by, background };
    return {
      case: { ...subject, team: commandingTeam, game: 'stormfall' },
      commandId: uuidv7(),
      fingerprint: createHash('sha256')
        .update(JSON.stringify([by.sub, content]))
        .digest('base64url'),
      expectedVersion,
      command,
    };
  });
}
