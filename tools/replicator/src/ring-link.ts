import { Argument, Command, InvalidArgumentError } from 'commander';
import Table from 'cli-table3';

import { delayMsMax } from './control-server.js';
import { integer } from './integer.js';
import type { LinkStatus } from './link.js';

/** Where `npm start -- --regions` has the replicator's control API, after the first port. */
const portOffset = 8;

interface Options {
  readonly portBase: number;
  readonly oneWay?: boolean;
}

async function ask(portBase: number, path: string, wish?: object): Promise<unknown> {
  const url = `http://127.0.0.1:${portBase + portOffset}${path}`;
  const init = wish && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(wish) };
  const response = await fetch(url, init).catch(() => {
    throw new Error(`Nothing answers at ${url}: start a ring with npm start -- --regions eu,us,ap, or name its --port-base.`);
  });
  const body = (await response.json()) as { detail?: string };
  if (!response.ok) throw new Error(body.detail ?? `${url} answered ${response.status}.`);
  return body;
}

async function change(from: string, to: string, wish: object, { portBase, oneWay }: Options): Promise<void> {
  await ask(portBase, `/links/${from}/${to}`, wish);
  if (!oneWay) await ask(portBase, `/links/${to}/${from}`, wish);
  await status({ portBase });
}

async function status({ portBase }: Options): Promise<void> {
  const { links } = (await ask(portBase, '/links')) as { links: readonly LinkStatus[] };
  const table = new Table({
    head: ['from', 'to', 'state', 'delay', 'copied', 'backlog', 'not allowed', 'trouble'],
    style: { head: [], border: [] },
  });
  for (const { from, to, state, delayMs, copied, backlog, refused, because } of links) {
    const notAllowed = Object.values(refused).reduce((sum, count) => sum + count, 0);
    table.push([from, to, state, `${delayMs} ms`, copied, backlog ?? 'unknown', notAllowed, because ?? '']);
  }
  console.log(table.toString());
}

function delayOf(text: string): number {
  if (/^\d{1,7}$/.test(text) && Number(text) <= delayMsMax) return Number(text);
  throw new InvalidArgumentError(`It must be a whole number of milliseconds from 0 to ${delayMsMax}.`);
}

const program = new Command('npm run ring:link --')
  .description(
    'The links between the regions that npm start -- --regions runs. What it changes lasts until the replicator ends.',
  )
  .helpOption('-h, --help', 'show this');

function command(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--port-base <port>', 'as for npm start', integer, 3_000)
    .helpOption('-h, --help', 'show this');
}

function changing(name: string, description: string): Command {
  return command(name, `${description}, in both directions`)
    .addArgument(new Argument('<from>', 'a region'))
    .addArgument(new Argument('<to>', 'a region'))
    .option('--one-way', 'only what goes from the first to the second');
}

changing('cut', 'lets nothing through between two regions').action((from: string, to: string, options: Options) =>
  change(from, to, { state: 'cut' }, options),
);
changing('heal', 'lets everything through again, also what was held up').action((from: string, to: string, options: Options) =>
  change(from, to, { state: 'healed' }, options),
);
changing('delay', 'sets how long everything takes between two regions')
  .argument('<ms>', `milliseconds, from 0 to ${delayMsMax} (an hour)`, delayOf)
  .action((from: string, to: string, delayMs: number, options: Options) => change(from, to, { delayMs }, options));
command('status', 'shows the links').action(status);

try {
  await program.parseAsync();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
