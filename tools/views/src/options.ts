import { Command } from 'commander';

export type Action = 'rebuild' | 'check' | 'rollback' | 'drop-old';

export interface Options {
  readonly team: string;
  readonly action: Action;
  readonly acceptDifferences: boolean;
  /** Directory of the embedded drivers; undefined to leave it to the environment. */
  readonly data?: string;
}

/** Reads the command line; ends the process at `--help` and at what it does not understand. `names`: of those who keep views, for people. */
export function readOptions(argv: readonly string[], names: string): Options {
  const command = new Command('views:rebuild')
    .description("Builds a team's views anew from the event log, beside the live ones, and goes over to them.")
    .requiredOption('-t, --team <name>', `whose views: ${names}`)
    .option('--check', 'only compare the rebuilt views with the live ones, row for row', false)
    .option('--accept-differences', 'go over to the rebuilt views even where they differ: a projection has changed', false)
    .option('--rollback', 'go back to the generation before, brought up to where the live one is', false)
    .option('--drop-old', 'drop every generation but the live one', false)
    .option('--data <dir>', 'data directory of the services (default: RINGSIDE_DATA, or ./data)')
    .helpOption('-h, --help', 'show this')
    .addHelpText(
      'after',
      '\nThe service may be running: it goes over to the new views within seconds, and loses no event.\n' +
        'Exit code 0: the views are equal, or what was asked is done; 1: they differ, or it could not be done.',
    )
    .parse(argv as string[]);
  const { check, rollback, dropOld, acceptDifferences, ...options } = command.opts<RawOptions>();
  const asked: Action[] = [
    ...(check ? (['check'] as const) : []),
    ...(rollback ? (['rollback'] as const) : []),
    ...(dropOld ? (['drop-old'] as const) : []),
  ];
  if (asked.length > 1) command.error(`error: choose one of ${asked.map((action) => `--${action}`).join(' and ')}`);
  const action = asked[0] ?? 'rebuild';
  if (acceptDifferences && action !== 'rebuild') command.error(`error: --accept-differences means nothing with --${action}`);
  return { ...options, acceptDifferences, action };
}

interface RawOptions {
  readonly team: string;
  readonly check: boolean;
  readonly rollback: boolean;
  readonly dropOld: boolean;
  readonly acceptDifferences: boolean;
  readonly data?: string;
}
