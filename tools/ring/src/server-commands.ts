import { resolve } from 'node:path';
import { StartupError } from '@ringside/core';
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { from, interrupted, list, print, root, setting } from './command-line.js';
import { follow, lastLines } from './log-files.js';
import { environmentLines, ringTable } from './print.js';
import { readRing } from './regions.js';
import { ringDown, ringUp } from './ring.js';
import { serverNames, type ServerName } from './ring-file.js';

function countOf(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}

const dataOption = (): Option =>
  new Option('--data <dir>', "directory of the ring's data and logs")
    .default(resolve(root, 'data/ring'), './data/ring')
    .argParser((text) => resolve(from, text));

async function up({ data, regions }: { readonly data: string; readonly regions: readonly string[] }): Promise<void> {
  const cache = setting('RINGSIDE_RING_CACHE');
  const ring = await ringUp(
    {
      directory: data,
      cacheDirectory: cache === undefined ? undefined : resolve(from, cache),
      javaHome: setting('JAVA_HOME'),
      report: print,
      signal: interrupted,
    },
    regions,
  );
  print(ringTable(ring));
  for (const line of environmentLines(ring)) print(line);
}

function status({ data }: { readonly data: string }): void {
  const ring = readRing(data);
  const servers = ring.regions.flatMap(({ servers }) => servers);
  print(ring.regions.length === 0 ? `There is no ring in ${data}.` : ringTable(ring));
  if (servers.length > 0) for (const line of environmentLines(ring)) print(line);
  if (servers.length === 0 || servers.some(({ pid }) => pid === null)) process.exitCode = 1;
}

interface LogsOptions {
  readonly data: string;
  readonly lines: number;
  readonly follow: boolean;
}

async function logs(region: string | undefined, server: ServerName | undefined, options: LogsOptions): Promise<void> {
  const chosen = readRing(options.data)
    .regions.filter(({ name }) => region === undefined || name === region)
    .flatMap(({ name, servers }) => servers.map((each) => ({ ...each, region: name })))
    .filter(({ name }) => server === undefined || name === server);
  if (chosen.length === 0) throw new StartupError(`There is no such server in ${options.data}; see npm run ring:status.`);
  for (const { logFile } of chosen) {
    print(`==> ${logFile} <==`);
    print(lastLines(logFile, options.lines));
  }
  if (!options.follow) return;
  await Promise.all(chosen.map(({ logFile }) => follow(logFile, interrupted, (text) => process.stdout.write(text))));
}

async function down({ data, purge }: { readonly data: string; readonly purge: boolean }): Promise<void> {
  const lines = await ringDown(data, { purge });
  if (lines.length === 0) print(`No server of a ring in ${data} was running.`);
  for (const line of lines) print(line);
}

/** Real servers on this machine: start them, look at them, end them. */
export function addServerCommands(program: Command): void {
  program
    .command('up')
    .description('start what does not run, and wait until it does its work')
    .addOption(new Option('--regions <names>', 'comma-separated').default(['local'], 'local').argParser(list))
    .addOption(dataOption())
    .action(up);
  program
    .command('status')
    .description('what runs, and where; exits with 1 unless all does')
    .addOption(dataOption())
    .action(status);
  program
    .command('logs')
    .description("the servers' logs")
    .argument('[region]', 'of this region only')
    .addArgument(new Argument('[server]', 'of this server only').choices(serverNames))
    .option('--lines <count>', 'how many of the last lines', countOf, 40)
    .option('-f, --follow', 'go on with what is written from now on, until Ctrl-C', false)
    .addOption(dataOption())
    .action(logs);
  program
    .command('down')
    .description('end the servers that `up` has started, and nothing else')
    .option('--purge', 'remove their data and logs too', false)
    .addOption(new Option('--keep-data', 'keep them for the next `up` (this is what happens anyway)').conflicts('purge'))
    .addOption(dataOption())
    .action(down);
}
