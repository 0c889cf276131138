import { Command, InvalidArgumentError } from 'commander';

import { cleanRoundsMin } from './clean-rounds.js';

const ringDirectory = 'data/ring';
const defaultRounds = { quick: 2, full: 5 };
const defaultSizes = { quick: [1_000, 5_000], full: [10_000, 100_000, 1_000_000, 5_000_000] };

export interface Options {
  readonly quick: boolean;
  readonly rounds: number;
  /** How many reports to measure growth at, ascending. */
  readonly sizes: readonly number[];
  readonly sizesAreAsked: boolean;
  /** Directory of data directories that were filled to these sizes; undefined where none is kept. */
  readonly sites?: string;
  /** Rows to run; undefined for all. */
  readonly only?: readonly string[];
  /** The rows beside what a user would choose instead. */
  readonly peers: boolean;
  /** Directory of the ring whose servers are used; undefined for none. */
  readonly ring?: string;
  /** File for the figures as JSON. */
  readonly json?: string;
  /** File for the page with tables and plots. */
  readonly html?: string;
  /** Keep the figures in docs. */
  readonly record: boolean;
  /** File with the figures of an earlier run, to be shown again instead of measuring. */
  readonly from?: string;
  /** Directory for CPU profiles of the subjects. */
  readonly profile?: string;
}

export interface NamedRow {
  readonly name: string;
  readonly title: string;
}

export interface RowsThere {
  readonly rows: readonly NamedRow[];
  readonly rowsWithPeers: readonly NamedRow[];
  readonly rowsOnRing: readonly NamedRow[];
}

/** Reads the command line; ends the process at `--help` and at what it does not understand. */
export function readOptions(argv: readonly string[], { rows, rowsWithPeers, rowsOnRing }: RowsThere): Options {
  const names = [...rows, ...rowsWithPeers, ...rowsOnRing].map(({ name }) => name);
  const oneRow = (text: string, before: readonly string[] | undefined): readonly string[] => {
    if (!names.includes(text)) throw new InvalidArgumentError(`There are ${names.join(', ')}.`);
    return [...(before ?? []), text];
  };
  const whole = (text: string): number => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= 1 && number <= 1_000) return number;
    throw new InvalidArgumentError('It must be a whole number from 1 to 1000.');
  };
  const sizesOf = (text: string): readonly number[] => {
    const sizes = text.split(',').map(sizeOf);
    if (sizes.every((size, i) => size >= 1_000 && size <= 20_000_000 && size > (sizes[i - 1] ?? 0))) return sizes;
    throw new InvalidArgumentError('They must rise, from 1k up to 20m: 10k,100k,1m.');
  };
  const listed = (some: readonly NamedRow[]): string =>
    some.map(({ name, title }) => `  ${name.padEnd(19)}${title}`).join('\n');
  const command = new Command('bench')
    .description(
      'Ringside beside the bare loops beneath it and what one would take instead, in one run. Ends with 1 where an aim is missed or a count is wrong.',
    )
    .option(
      '--quick',
      'fewer and shorter rounds, for CI: less than three minutes in all (with --ring, four); fails on counts, never on times',
      false,
    )
    .option('--rounds <n>', 'rounds of each comparison (default: 5; quick: 2)', whole)
    .option('--sizes <list>', 'numbers of reports to measure growth at (default: 10k,100k,1m,5m; quick: 1k,5k)', sizesOf)
    .option('--sites <dir>', 'keep what is filled to these sizes there, and take it from there in later runs: 5m are 26 GB')
    .option('--only <row>', 'run this row; may be given several times', oneRow)
    .option('--peers', 'the rows beside Emmett, Nest CQRS and BullMQ: takes PostgreSQL and Redis, and installs packages', false)
    .option('--ring [dir]', `the rows on real servers: those that npm run ring:up has started (default: ${ringDirectory})`)
    .option('--json <file>', 'write the figures to a file too')
    .option('--html <file>', 'write a page with tables and plots, which needs nothing but itself')
    .option(
      '--record',
      `keep the figures of these rows for docs/promises.md and docs/benchmarks.md (not of a quick run, nor of one with profiles or less than ${cleanRoundsMin} rounds)`,
      false,
    )
    .option('--from <file>', 'measure nothing: take what --json has written')
    .option('--profile <dir>', 'write CPU profiles of the subjects into a directory (their rates are not to be trusted then)')
    .helpOption('-h, --help', 'show this')
    .addHelpText(
      'after',
      `\nRows:\n${listed(rows)}\n\nRows beside what one would take instead, with --peers (Debian: apt-get install postgresql redis-server):\n${listed(rowsWithPeers)}\n\nRows on real servers, with --ring; their topics and keyspaces stay there until ring:down --purge:\n${listed(rowsOnRing)}`,
    )
    .parse(argv as string[]);
  const { quick, rounds, sizes, ring, ...options } = command.opts<
    Omit<Options, 'rounds' | 'sizes' | 'sizesAreAsked' | 'ring'> & {
      readonly rounds?: number;
      readonly sizes?: readonly number[];
      readonly ring?: string | true;
    }
  >();
  if (options.record) {
    if (quick) command.error('error: a quick run is not kept: its rounds are few and short');
    if (options.profile !== undefined) command.error('error: a run with profiles is not kept: its rates are not to be trusted');
    if ((rounds ?? cleanRoundsMin) < cleanRoundsMin)
      command.error(`error: a run with less than ${cleanRoundsMin} rounds is not kept`);
  }
  const ringOption = ring === undefined ? {} : { ring: ring === true ? ringDirectory : ring };
  return {
    ...options,
    ...ringOption,
    quick,
    rounds: rounds ?? defaultRounds[quick ? 'quick' : 'full'],
    sizes: sizes ?? defaultSizes[quick ? 'quick' : 'full'],
    sizesAreAsked: sizes !== undefined,
  };
}

/** "10k", "1m", "250000"; NaN for what is none. */
function sizeOf(text: string): number {
  const [, digits = '', unit = ''] = /^(\d+)([km]?)$/i.exec(text.trim()) ?? [];
  const factor = { '': 1, k: 1_000, m: 1_000_000 }[unit.toLowerCase()]!;
  return digits === '' ? NaN : Number(digits) * factor;
}
