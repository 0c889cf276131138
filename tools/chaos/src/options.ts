import { fileToWrite, pathOfUser } from '@ringside/promises';
import { Command, InvalidArgumentError, Option } from 'commander';

import type { Scenario } from './scenario.js';

export interface Options {
  readonly short: boolean;
  /** On real servers, which are killed as well. */
  readonly ring: boolean;
  readonly kills: number;
  readonly minutes: number;
  readonly seed: number;
  readonly scenarios: readonly Scenario[];
  /** Files that `--json` wrote: their results are shown, and nothing is run. Absolute. */
  readonly from: readonly string[];
  /** Absolute. */
  readonly json: string | undefined;
  readonly record: boolean;
}

const killsOfLongRun = 500;
const killsOfShortRun = 50;
const killsOfRing = 30;

const whole =
  (min: number, max: number) =>
  (text: string): number => {
    const number = Number(text);
    if (/^\d{1,10}$/.test(text) && number >= min && number <= max) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };

/** Reads the command line; ends the process at `--help` and at what it does not understand, or could do nothing with. */
export function readOptions(argv: readonly string[], env: NodeJS.ProcessEnv, all: readonly Scenario[]): Options {
  const names = all.filter(({ onRing }) => !onRing).map(({ name }) => name);
  const some = (text: string): readonly string[] => {
    const given = text.split(',');
    const stranger = given.find((name) => !names.includes(name));
    if (all.some(({ name, onRing }) => name === stranger && onRing)) {
      throw new InvalidArgumentError(`"${stranger}" is played with --ring, which takes no --only and no --skip.`);
    }
    if (stranger !== undefined) throw new InvalidArgumentError(`"${stranger}" is none of ${names.join(', ')}.`);
    return given;
  };
  const listed = (ring: boolean): string =>
    all
      .filter(({ onRing = false }) => onRing === ring)
      .map(({ name, how }) => `  ${name.padEnd(12)} ${how}`)
      .join('\n');
  const command = new Command('npm run chaos --')
    .description(
      'Starts the services as npm start does, on the loopback interface and a data directory of their own, files reports, and kills, ' +
        'stops and starves the processes meanwhile. Then it checks that no accepted report is lost, doubled or in the wrong place, and ' +
        'that every view is what the log says. Exit code 1 where a promise was broken: the data and the logs are kept then.',
    )
    .option('--short', `the form for each change, which .ci/run runs: ${killsOfShortRun} kills, under 3 minutes`, false)
    .addOption(
      new Option(
        '--ring',
        'on a Pulsar and a Cassandra, which it starts, kills too and ends: they take Java 17, 1.5 GB and some minutes, and are fetched ' +
          'through Maven once',
      )
        .conflicts(['short', 'only', 'skip'])
        .default(false),
    )
    .option(
      '--kills <n>',
      `kills (default: ${killsOfLongRun}, or ${killsOfShortRun} with --short, ${killsOfRing} with --ring)`,
      whole(1, 100_000),
    )
    .option('--minutes <n>', 'killing ends after so many, however many kills there were', whole(1, 1_440), 60)
    .option('--seed <n>', 'the same seed gives the same reports, victims and pauses', whole(0, 2 ** 31))
    .option('--only <scenarios>', `some of ${names.join(', ')}`, some)
    .option('--skip <scenarios>', 'all but these', some)
    .option('--json <file>', 'writes all figures there', fileToWrite(env))
    .addOption(
      new Option('--from <files>', 'shows, and with --record keeps, what --json has written of earlier runs, instead of a run')
        .argParser((text) => text.split(','))
        .conflicts(['short', 'ring', 'kills', 'minutes', 'seed', 'only', 'skip', 'json']),
    )
    .option('--record', 'keeps the figures for docs/promises.md: of a long run only', false)
    .helpOption('-h, --help', 'show this')
    .addHelpText('after', `\nScenarios:\n${listed(false)}\n\nWith --ring, which plays nothing else:\n${listed(true)}`)
    .parse(argv as string[]);
  const { only, skip = [], kills, seed, json, from: files = [], ...flags } = command.opts<Given>();
  const wanted = ({ name, inShort, onRing = false }: Scenario): boolean =>
    onRing === flags.ring && (only?.includes(name) ?? (!flags.short || inShort));
  const chosen = all.filter((scenario) => wanted(scenario) && !skip.includes(scenario.name));
  if (chosen.length === 0) command.error('error: that leaves no scenario to play');
  if (flags.short && flags.record)
    command.error('error: the figures of a short run are not kept: --record goes without --short');
  return {
    ...flags,
    kills: kills ?? (flags.ring ? killsOfRing : flags.short ? killsOfShortRun : killsOfLongRun),
    seed: seed ?? Math.floor(Math.random() * 2 ** 31),
    scenarios: chosen,
    from: files.map((file) => pathOfUser(env, file)),
    json,
  };
}

interface Given {
  readonly short: boolean;
  readonly ring: boolean;
  readonly record: boolean;
  readonly minutes: number;
  readonly kills?: number;
  readonly seed?: number;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly from?: readonly string[];
  readonly json?: string;
}
