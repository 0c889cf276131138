import { fileToWrite, pathOfUser } from '@ringside/promises';
import { Command, InvalidArgumentError, Option } from 'commander';

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
  /** Directory of data directories that were filled to these sizes, absolute; undefined where none is kept. */
  readonly sites?: string;
  /** Rows to run; undefined for all. */
  readonly only?: readonly string[];
  /** The rows beside what a user would choose instead. */
  readonly peers: boolean;
  /** Directory of the ring whose servers are used; undefined for none. */
  readonly ring?: string;
  /** File for the figures as JSON, absolute. */
  readonly json?: string;
  /** File for the page with tables and plots, absolute. */
  readonly html?: string;
  /** Keep the figures in docs. */
  readonly record: boolean;
  /** File with the figures of an earlier run, to be shown again instead of measuring; absolute. */
  readonly from?: string;
  /** Directory for CPU profiles of the subjects, absolute. */
  readonly profile?: string;
}

export interface NamedRow {
  readonly name: string;
  readonly title: string;
  /** Whether it is measured at each of the sizes. */
  readonly atSizes?: boolean;
}

export interface RowsThere<Row extends NamedRow = NamedRow> {
  readonly rows: readonly Row[];
  readonly rowsWithPeers: readonly Row[];
  readonly rowsOnRing: readonly Row[];
}

/** Those that were named; else those beside peers and those on real servers where one asks for them, and all others where not. */
export function chosenOf<Row extends NamedRow>(
  { only, peers, ring }: Pick<Options, 'only' | 'peers' | 'ring'>,
  { rows, rowsWithPeers, rowsOnRing }: RowsThere<Row>,
): readonly Row[] {
  if (only !== undefined) return [...rows, ...rowsWithPeers, ...rowsOnRing].filter(({ name }) => only.includes(name));
  if (!peers && ring === undefined) return rows;
  return [...(peers ? rowsWithPeers : []), ...(ring === undefined ? [] : rowsOnRing)];
}

/** What would not happen although it was asked for; undefined where all would. */
function faultIn(options: Omit<Options, 'rounds' | 'sizes'>, there: RowsThere): string | undefined {
  const { peers, ring, sites, sizesAreAsked, only } = options;
  const chosen = chosenOf(options, there);
  const withPeers = chosen.find((row) => there.rowsWithPeers.includes(row));
  const onRing = chosen.find((row) => there.rowsOnRing.includes(row));
  if (withPeers !== undefined && !peers) {
    return `--only ${withPeers.name} takes PostgreSQL and Redis, and installs packages: say --peers as well`;
  }
  if (onRing !== undefined && ring === undefined) {
    return `--only ${onRing.name} takes the servers that npm run ring:up has started: say --ring as well`;
  }
  if (only !== undefined && peers && withPeers === undefined) return '--peers is for rows that --only leaves out';
  if (only !== undefined && ring !== undefined && onRing === undefined) return '--ring is for rows that --only leaves out';
  if ((sites !== undefined || sizesAreAsked) && !chosen.some(({ atSizes }) => atSizes)) {
    return `${sites === undefined ? '--sizes' : '--sites'} is for rows that are left out: ${namesAtSizes(there)}`;
  }
  return undefined;
}

const namesAtSizes = ({ rows }: RowsThere): string =>
  rows
    .filter(({ atSizes }) => atSizes)
    .map(({ name }) => name)
    .join(', ');

/** Reads the command line; ends the process at `--help` and at what it does not understand. */
export function readOptions(argv: readonly string[], env: NodeJS.ProcessEnv, there: RowsThere): Options {
  const { rows, rowsWithPeers, rowsOnRing } = there;
  const path = (text: string): string => pathOfUser(env, text);
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
    .option(
      '--sites <dir>',
      'keep what is filled to these sizes there, and take it from there in later runs: 5m are 26 GB',
      path,
    )
    .option('--only <row>', 'run this row; may be given several times', oneRow)
    .option('--peers', 'the rows beside Emmett, Nest CQRS and BullMQ: takes PostgreSQL and Redis, and installs packages', false)
    .option('--ring [dir]', `the rows on real servers: those that npm run ring:up has started (default: ${ringDirectory})`)
    .option('--json <file>', 'write the figures to a file too', fileToWrite(env))
    .option('--html <file>', 'write a page with tables and plots, which needs nothing but itself', fileToWrite(env))
    .option(
      '--record',
      `keep the figures of these rows for docs/promises.md and docs/benchmarks.md (not of a quick run, nor of one with profiles or less than ${cleanRoundsMin} rounds)`,
      false,
    )
    .addOption(
      new Option('--from <file>', 'measure nothing: take what --json has written')
        .argParser(path)
        .conflicts(['quick', 'rounds', 'sizes', 'sites', 'only', 'peers', 'ring', 'profile']),
    )
    .option(
      '--profile <dir>',
      'write CPU profiles of the subjects into a directory (their rates are not to be trusted then)',
      path,
    )
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
  const given = { ...options, ...ringOption, quick, sizesAreAsked: sizes !== undefined };
  const fault = faultIn(given, there);
  if (fault !== undefined) command.error(`error: ${fault}`);
  return {
    ...given,
    rounds: rounds ?? defaultRounds[quick ? 'quick' : 'full'],
    sizes: sizes ?? defaultSizes[quick ? 'quick' : 'full'],
  };
}

/** "10k", "1m", "250000"; NaN for what is none. */
function sizeOf(text: string): number {
  const [, digits = '', unit = ''] = /^(\d+)([km]?)$/i.exec(text.trim()) ?? [];
  const factor = { '': 1, k: 1_000, m: 1_000_000 }[unit.toLowerCase()]!;
  return digits === '' ? NaN : Number(digits) * factor;
}
