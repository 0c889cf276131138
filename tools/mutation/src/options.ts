import { fileToWrite } from '@ringside/promises';
import { Command, InvalidArgumentError } from 'commander';

import { libraryNames, scoreMin, type Library } from './libraries.js';

export interface Options {
  readonly only: readonly Library[];
  readonly fresh: boolean;
  readonly survivors: boolean;
  /** Absolute. */
  readonly json: string | undefined;
  readonly record: boolean;
}

function librariesOf(text: string): readonly Library[] {
  const named = text.split(',').map((name) => {
    const library = libraryNames.find((one) => one === name);
    if (library === undefined) throw new InvalidArgumentError(`"${name}" is none of ${libraryNames.join(', ')}.`);
    return library;
  });
  return [...new Set(named)];
}

/** Reads the command line; ends the process at `--help` and at what it does not understand. */
export function readOptions(argv: readonly string[], env: NodeJS.ProcessEnv): Options {
  const command = new Command('npm run mutation --')
    .description(
      'Changes the libraries without I/O in thousands of small ways (a condition turned round, a text emptied, a call left out), one ' +
        'at a time and in a copy, and runs the specs that concern each change. A change that no spec notices lives. Exit code 1 ' +
        `where the specs of a library notice less than ${scoreMin} % of the changes. It installs Stryker in tools/mutation/stryker ` +
        'when it runs for the first time, needs one core, and remembers what it has found: a second run takes the mutants that lived, ' +
        'and those whose source or specs are others by now. CI does not run it; nothing in it depends on chance.',
    )
    .option('--only <libraries>', `some of ${libraryNames.join(', ')}`, librariesOf)
    .option('--fresh', 'forget what earlier runs found', false)
    .option('--survivors', 'print each change that no spec noticed', false)
    .option('--json <file>', 'writes the counts of each library there', fileToWrite(env))
    .option('--record', 'keep the figures for docs/promises.md; only with all libraries', false)
    .addHelpText('after', '\nEach library has a report to look at: .cache/mutation/<library>/mutation.html')
    .helpOption('-h, --help', 'show this')
    .parse(argv as string[]);
  const {
    only = libraryNames,
    json,
    ...flags
  } = command.opts<{
    only?: readonly Library[];
    fresh: boolean;
    survivors: boolean;
    json?: string;
    record: boolean;
  }>();
  if (flags.record && only.length < libraryNames.length) command.error('error: --record keeps a whole run: leave out --only.');
  return { only, ...flags, json };
}
