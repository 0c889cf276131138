import { fileToWrite } from '@ringside/promises';
import { Command, InvalidArgumentError } from 'commander';

export const parts = ['fuzz', 'attacks', 'overload'] as const;

export type Part = (typeof parts)[number];

export interface Options {
  readonly short: boolean;
  readonly parts: readonly Part[];
  readonly seed: number;
  /** Those that Schemathesis goes over; all where undefined. */
  readonly services: readonly string[] | undefined;
  /** Absolute. */
  readonly json: string | undefined;
  readonly record: boolean;
}

const reader =
  (names: readonly string[]) =>
  (text: string): readonly string[] =>
    text.split(',').map((name) => {
      if (!names.includes(name)) throw new InvalidArgumentError(`"${name}" is none of ${names.join(', ')}.`);
      return name;
    });

function partsOf(text: string): readonly Part[] {
  return text.split(',').map((name) => {
    const part = parts.find((one) => one === name);
    if (part === undefined) throw new InvalidArgumentError(`"${name}" is none of ${parts.join(', ')}.`);
    return part;
  });
}

function seedOf(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}

/** Reads the command line; ends the process at `--help` and at what it does not understand. `serviceNames`: of those there are. */
export function readOptions(argv: readonly string[], env: NodeJS.ProcessEnv, serviceNames: readonly string[]): Options {
  const command = new Command('npm run hostile --')
    .description(
      'Attacks the services, which it starts itself on the loopback interface and a data directory that it removes: Schemathesis ' +
        'over their OpenAPI (fuzz), what can be done over a bare socket (attacks), and ten times the reports that report-intake ' +
        'can take (overload). Exit code 1 where one of them does not hold, or none was tried.',
    )
    .option(
      '--short',
      'the form for each change: fewer examples, always the same; how long something took is said and not judged',
      false,
    )
    .option('--only <parts>', `some of ${parts.join(', ')}`, partsOf)
    .option('--skip <parts>', 'all but these', partsOf)
    .option('--services <names>', 'those that Schemathesis goes over, such as report-intake,platform', reader(serviceNames))
    .option('--seed <n>', 'of what Schemathesis generates', seedOf, 7)
    .option('--json <file>', 'writes all verdicts and figures there', fileToWrite(env))
    .option('--record', 'keep the figures for docs/promises.md; only of a long run with all parts and services', false)
    .helpOption('-h, --help', 'show this')
    .parse(argv as string[]);
  const given = command.opts<{
    short: boolean;
    only?: readonly Part[];
    skip?: readonly Part[];
    seed: number;
    services?: readonly string[];
    json?: string;
    record: boolean;
  }>();
  const { short, only = parts, skip = [], seed, services, json, record } = given;
  const chosen = only.filter((part) => !skip.includes(part));
  if (chosen.length === 0) command.error('error: --skip leaves nothing of --only.');
  if (services !== undefined && !chosen.includes('fuzz')) command.error('error: --services is for fuzz, which is left out.');
  if (command.getOptionValueSource('seed') === 'cli' && !chosen.includes('fuzz')) {
    command.error('error: --seed is for fuzz, which is left out.');
  }
  if (record && (short || services !== undefined || new Set(chosen).size < parts.length)) {
    command.error('error: --record keeps a whole run: leave out --short, --only, --skip and --services.');
  }
  return { short, seed, services, record, parts: chosen, json };
}
