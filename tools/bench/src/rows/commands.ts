import { compare } from '../compare.js';
import { expectCommandsKept } from '../count-commands.js';
import { withEmbedded } from '../embedded-drivers.js';
import { findTeam } from '../find-team.js';
import type { Measurement } from '../measurement.js';
import { expectCount, type BenchContext, type BenchRow, type RowResult } from '../row.js';
import { commandingTeam } from '../sample-commands.js';
import { runWorker } from '../worker-process.js';

export interface CommandsInput {
  /** Holds the file of recorded appends. */
  readonly filled: string;
  /** Where streams and log go. */
  readonly directory: string;
  readonly cases: number;
  readonly callers: number;
  readonly commands: number;
  /** So many of them before the measurement. */
  readonly warmUp: number;
}

export const commandsSubjectIs = (how: string): string =>
  `Commands.execute with the ${commandingTeam} team's decider and metrics, as its service runs it: 64 callers, 500 cases in turn, each command names the version that it saw and leads to one step; ${how}; measured until nothing is left to do`;

export const commands: BenchRow = {
  name: 'commands',
  title: `commands on cases of the ${commandingTeam} team, each stored and published before its answer, embedded`,
  run: async (context): Promise<RowResult> => {
    if ((await findTeam(commandingTeam))?.casework === undefined) return noDecider;
    const sizes = sizesOf(context);
    const filled = await fillForCommands(context, sizes);
    const input = (): CommandsInput => ({ ...sizes, filled, directory: context.newDirectory() });
    return compare(
      {
        subjectIs: commandsSubjectIs(
          'the intent, the append, two records on the embedded log (the step, and how the case stands after it), the mark that they are published, and the end of the intent',
        ),
        floorIs:
          'lmdb-js with overlappingSync: false: 64 callers, each awaits a transaction that reads the version of the case, compares it, and puts the version, the same event and the same answer of the command, as bytes made before; no decision, no fence, no intent, nothing published: one durable step where the subject has four',
        aimRatioMin: 0.6,
        floor: async () => {
          const given = input();
          const measurement = await runWorker<Measurement & { readonly stored: number }>('commands-floor', given);
          expectCount('rows in the file of the floor', measurement.stored, given.cases + 2 * given.commands);
          return measurement;
        },
        subject: async () => {
          const given = input();
          const measurement = await runWorker<Measurement>('commands-subject', given, context);
          await expectKept(given);
          return measurement;
        },
      },
      context,
    );
  },
};

export const noDecider: RowResult = { kind: 'skipped', why: `the ${commandingTeam} team is not in this workspace` };

const sizesOf = ({ quick }: BenchContext): Omit<CommandsInput, 'filled' | 'directory'> => ({
  cases: 500,
  callers: 64,
  commands: quick ? 5_000 : 40_000,
  warmUp: quick ? 2_000 : 5_000,
});

/** Records what commands append. */
export async function fillForCommands(
  context: BenchContext,
  sizes: Omit<CommandsInput, 'filled' | 'directory'>,
): Promise<string> {
  const filled = context.newDirectory();
  await runWorker('commands-filling', { ...sizes, filled, directory: context.newDirectory() } satisfies CommandsInput);
  return filled;
}

const expectKept = ({ directory, cases, commands }: CommandsInput): Promise<void> =>
  withEmbedded(directory, (drivers) => expectCommandsKept(drivers, { cases, commands, name: 'bench' }));
