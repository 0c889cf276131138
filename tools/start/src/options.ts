import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';

export interface Options {
  /** Absolute. */
  readonly data: string;
  readonly portBase: number;
  readonly demo: boolean;
  readonly verbose: boolean;
  /** On real servers instead of the embedded drivers. */
  readonly ring: boolean;
}

/** Services take ports up to this far from the base; some are kept for services to come. */
const portOffsetMax = 9;

function portBaseOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port + portOffsetMax <= 65_535) return port;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${65_535 - portOffsetMax}.`);
}

/** Reads the command line; ends the process at `--help` and at what it does not understand. */
export function readOptions(argv: readonly string[], env: NodeJS.ProcessEnv, root: string): Options {
  const data = env['RINGSIDE_DATA'] ?? '';
  const { data: given, ...options } = new Command('npm start --')
    .description('Starts the services as processes of their own on one data directory, and some players who report each other.')
    .option('--data <dir>', 'data directory (default: ./data, or RINGSIDE_DATA)')
    .option('--port-base <port>', 'first port; each service has a fixed place after it', portBaseOf, 3_000)
    .option('--ring', 'on Pulsar and Cassandra, which are started where they do not run (see npm run ring:up)', false)
    .option('--no-demo', 'no players: nothing is reported')
    .option('--verbose', 'show every log line, not only warnings and errors', false)
    .helpOption('-h, --help', 'show this')
    .addHelpText('after', '\nThe RINGSIDE_ variables of the services apply: see node apps/report-intake/dist/main.js --help.')
    .parse(argv as string[])
    .opts<Omit<Options, 'data'> & { readonly data?: string }>();
  // npm changes to the root of the workspace, and keeps in INIT_CWD where its user is.
  const from = env['INIT_CWD'] ?? process.cwd();
  return { ...options, data: given !== undefined ? resolve(from, given) : resolve(root, data === '' ? 'data' : data) };
}
