import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { textOfPlace } from '@ringside/data-ring';
import type { AppliedRun, RingPlan } from '@ringside/ring-control';
import { type Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { from, interrupted, list, print, root } from './command-line.js';
import { type ControlOptions, openControl, type OpenControl } from './open-control.js';
import { findingsLines, heldLines, runsTable, stepLines } from './print-control.js';

interface CommonOptions extends ControlOptions {
  readonly json: boolean;
}

interface ByOptions extends CommonOptions {
  readonly by: string;
}

/** 0 is in order. */
const exit = { error: 1, differences: 2, interrupted: 130 } as const;

const path = (text: string): string => resolve(from, text);

function named(text: string): string {
  const name = text.trim();
  if (/^[^\p{Cc}\p{Cs}]{1,128}$/u.test(name)) return name;
  throw new InvalidArgumentError('It must have 1 to 128 characters on one line, and no control characters.');
}

function limitOf(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 on.');
}

/** The ring's policy on its servers: what differs, mending it, and the record of who did so. */
export function addControlCommands(program: Command): void {
  common(program.command('plan'))
    .description(
      'what differs from the policy, and what `apply` would do; changes nothing. Exits with 2 where anything differs',
    )
    .option('--accept', 'show also the steps that would lose data, or narrow the ring only because of --only', false)
    .action(plan);
  by(common(program.command('apply')))
    .description('make the servers what the policy says, in an order in which no fact ever goes too far. Can be repeated')
    .option('--accept', 'do also what loses data, and what narrows the ring only because of --only', false)
    .action(apply);
  by(common(program.command('audit')))
    .description('compare, and keep the result in the record. Exits with 2 where anything differs')
    .action(audit);
  common(program.command('runs'))
    .description('the record: who looked at which region or changed it, when, and what was found')
    .option('--limit <count>', 'the newest ones', limitOf, 20)
    .action(runs);
}

const common = (command: Command): Command =>
  command
    .addOption(
      new Option('--policy <file>', "the ring's policy").default(resolve(root, 'ring.yaml'), './ring.yaml').argParser(path),
    )
    .addOption(
      new Option(
        '--only <regions>',
        'comma-separated: as if the policy had these regions and no others; goes into the record, and what is narrowed only because the others are left out needs --accept',
      ).argParser(list),
    )
    .addOption(
      new Option('--servers <dir>', 'servers that `up` has started there')
        .default(resolve(root, 'data/ring'), './data/ring')
        .argParser(path),
    )
    .addOption(
      new Option('--endpoints <file>', 'servers of a real installation: see docs/ring-control.md')
        .argParser(path)
        .conflicts('servers'),
    )
    .addOption(
      new Option('--data <dir>', 'embedded regions that `npm start -- --regions` has in there')
        .argParser(path)
        .conflicts(['servers', 'endpoints']),
    )
    .option('--json', 'for programs', false);

const by = (command: Command): Command =>
  command.addOption(
    new Option('--by <who>', 'goes into the record').default(userInfo().username, 'your name on this machine').argParser(named),
  );

async function plan({ accept, ...options }: CommonOptions & { readonly accept: boolean }): Promise<void> {
  await withControl(options, async ({ control, policy }) => {
    const found = await control.plan({ accept, signal: interrupted });
    if (options.json) return show(found, found);
    for (const line of [...findingsLines(found, policy), ...heldLines(found)]) print(line);
    if (found.steps.length > 0) print(`\n${pc.bold('apply would take these steps, in this order')}`);
    for (const line of stepLines(found.steps)) print(line);
    return show(found);
  });
}

async function apply({ accept, by, ...options }: ByOptions & { readonly accept: boolean }): Promise<void> {
  await withControl(options, async ({ control, policy }) => {
    const done = await control.apply({
      accept,
      by,
      signal: interrupted,
      onStep: (step, number, of) => {
        const text = `${String(number).padStart(String(of).length)}/${of} ${step.region}: ${textOfPlace(step.place)}`;
        if (options.json) console.error(text);
        else print(text);
      },
    });
    if (done.wasInterrupted) console.error('Interrupted between two steps. Apply again goes on with what is left.');
    if (options.json) return show(done, done);
    print(`${done.taken.length === 1 ? '1 step was' : `${done.taken.length} steps were`} taken. What is there now:`);
    for (const line of [...findingsLines(done, policy), ...heldLines(done), ...done.unrecorded.map(pc.yellow)]) print(line);
    return show(done);
  });
}

async function audit({ by, ...options }: ByOptions): Promise<void> {
  await withControl(options, async ({ control, policy }) => {
    const found = await control.audit({ by, signal: interrupted });
    if (options.json) return show(found, found);
    for (const line of [...findingsLines(found, policy), ...heldLines(found), ...found.unrecorded.map(pc.yellow)]) print(line);
    return show(found);
  });
}

async function runs({ limit, ...options }: CommonOptions & { readonly limit: number }): Promise<void> {
  await withControl(options, async ({ control }) => {
    const record = await control.runs({ limit });
    if (options.json) print(JSON.stringify(record, null, 2));
    else print(record.length === 0 ? 'The record is empty.' : runsTable(record));
  });
}

const onlyWarning = (only: readonly string[]): string =>
  `--only: this is the policy as if it had ${only.join(', ')} and no other region. The others are not looked at, and nothing goes to them. ` +
  'Services that run with the whole policy want `apply` without --only.';

async function withControl(options: ControlOptions, work: (open: OpenControl) => Promise<void>): Promise<void> {
  const open = await openControl(options);
  if (options.only !== undefined) console.error(pc.yellow(onlyWarning(options.only)));
  try {
    await work(open);
  } finally {
    await open.close();
  }
}

function show(found: RingPlan & Partial<AppliedRun>, json?: RingPlan): void {
  const { regions, unrecorded = [], wasInterrupted = false } = found;
  if (json !== undefined) print(JSON.stringify(json, null, 2));
  const isError = regions.some(({ state }) => state === 'unreachable' || state === 'failed');
  if (wasInterrupted) process.exitCode = exit.interrupted;
  // What was done and is not in the record is an error, however it went.
  else if (isError || unrecorded.length > 0) process.exitCode = exit.error;
  else if (regions.some(({ differences }) => differences.length > 0)) process.exitCode = exit.differences;
}
