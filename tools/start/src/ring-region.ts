import { Argument, Command, InvalidArgumentError } from 'commander';
import { controlPortOffset, type StartAgain } from './region-control.js';

interface Options extends StartAgain {
  readonly portBase: number;
}

function integer(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}

async function ask(portBase: number, path: string, wish?: object): Promise<void> {
  const url = `http://127.0.0.1:${portBase + controlPortOffset}${path}`;
  const init = wish && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(wish) };
  const response = await fetch(url, init).catch(() => {
    throw new Error(`Nothing answers at ${url}: start a ring with npm start -- --regions eu,us,ap, or name its --port-base.`);
  });
  const body = (await response.json()) as {
    readonly detail?: string;
    readonly regions?: readonly { readonly region: string; readonly running: readonly string[] }[];
  };
  if (!response.ok) throw new Error(body.detail ?? `${url} answered ${response.status}.`);
  for (const { region, running } of body.regions ?? []) {
    console.log(`${region}  ${running.length === 0 ? 'lost' : running.join(', ')}`);
  }
}

const program = new Command('npm run ring:region --')
  .description('The regions that npm start -- --regions runs: to lose one of them, and to bring it back.')
  .helpOption('-h, --help', 'show this');

const command = (name: string, description: string): Command =>
  program
    .command(name)
    .description(description)
    .option('--port-base <port>', 'as for npm start', integer, 3_000)
    .helpOption('-h, --help', 'show this');

const region = (): Argument => new Argument('<region>', 'one that runs here');

command('status', 'which services of which region run').action(({ portBase }: Options) => ask(portBase, '/regions'));
command('lose', 'kills all processes of a region at once, and cuts its links. They are not started again')
  .addArgument(region())
  .action((name: string, { portBase }: Options) => ask(portBase, `/regions/${name}/lose`, {}));
command('start', 'heals the links of a region that was lost, and starts what does not run of it')
  .addArgument(region())
  .option('--only <service>', 'this service and no other, such as platform')
  .option('--empty', 'with nothing of what it had: its directory is put aside')
  .action((name: string, { portBase, ...how }: Options) => ask(portBase, `/regions/${name}/start`, how));

try {
  await program.parseAsync();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
