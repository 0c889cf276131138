import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';

export interface Options {
  /** Absolute. */
  readonly data: string;
  readonly portBase: number;
  readonly demo: boolean;
  readonly verbose: boolean;
  /** On real servers instead of the embedded drivers. */
  readonly ring: boolean;
  /** Several of them on this machine, each with services of its own. */
  readonly regions?: readonly string[];
  /** The policy of their ring. Absolute. */
  readonly policy: string;
  /** How long everything takes between two of them, in ms. */
  readonly linkDelay: number;
}

/** Services take ports up to this far from the base; some are kept for services to come. */
const portOffsetMax = 9;
/** Each region's first port is so far from the one before. */
export const portsPerRegion = 10;
const linkDelayMsMax = 3_600_000;

function portBaseOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port + portOffsetMax <= 65_535) return port;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${65_535 - portOffsetMax}.`);
}

function linkDelayOf(text: string): number {
  if (/^\d{1,7}$/.test(text) && Number(text) <= linkDelayMsMax) return Number(text);
  throw new InvalidArgumentError(`It must be a whole number of milliseconds up to ${linkDelayMsMax} (an hour).`);
}

function regionsOf(text: string): readonly string[] {
  const regions = text.split(',').map((name) => name.trim());
  if (!regions.every((name) => /^[a-z][a-z0-9-]{0,31}$/.test(name))) {
    throw new InvalidArgumentError('They must be names of regions with commas between them, such as eu,us,ap.');
  }
  if (new Set(regions).size < regions.length) throw new InvalidArgumentError('One of them is named twice.');
  return regions;
}

/** As the command line has it; paths are relative there. */
type Given = Omit<Options, 'data' | 'policy' | 'ring'> & Partial<Pick<Options, 'data' | 'policy' | 'ring'>>;

/** Reads the command line; ends the process at `--help` and at what it does not understand. */
export function readOptions(argv: readonly string[], env: NodeJS.ProcessEnv, root: string): Options {
  const data = env['RINGSIDE_DATA'] ?? '';
  const command = new Command('npm start --')
    .description('Starts the services as processes of their own on one data directory, and some players who report each other.')
    .option('--data <dir>', 'data directory (default: ./data, or RINGSIDE_DATA)')
    .option('--port-base <port>', 'first port; each service has a fixed place after it', portBaseOf, 3_000)
    .addOption(
      new Option('--regions <names>', 'several regions on this machine, such as eu,us,ap, with a replicator between them')
        .argParser(regionsOf)
        .conflicts('ring'),
    )
    .option('--policy <file>', 'which of their data may be where (default: ./ring.yaml)')
    .option('--link-delay <ms>', 'how long everything takes between two of them', linkDelayOf, 0)
    .option('--ring', 'on Pulsar and Cassandra, which are started where they do not run (see npm run ring:up)')
    .option('--no-demo', 'no players: nothing is reported')
    .option('--verbose', 'show every log line, not only warnings and errors', false)
    .helpOption('-h, --help', 'show this')
    .addHelpText('after', '\nThe RINGSIDE_ variables of the services apply: see node apps/report-intake/dist/main.js --help.')
    .parse(argv as string[]);
  for (const name of ['policy', 'linkDelay']) {
    const isGiven = command.getOptionValueSource(name) === 'cli';
    if (!isGiven || command.opts<Given>().regions !== undefined) continue;
    const flag = command.options.find((option) => option.attributeName() === name)!.long;
    command.error(`error: ${flag} is for several regions: name them with --regions, or leave ${flag} out.`);
  }
  const { data: given, policy, ring = false, ...options } = command.opts<Given>();
  // npm changes to the root of the workspace, and keeps in INIT_CWD where its user is.
  const from = env['INIT_CWD'] ?? process.cwd();
  const regionCount = options.regions?.length ?? 0;
  const portLast = options.portBase + Math.max(0, regionCount - 1) * portsPerRegion + portOffsetMax;
  if (portLast > 65_535) command.error(`error: ${regionCount} regions need ports up to ${portLast}: lower --port-base.`);
  return {
    ...options,
    ring,
    data: given !== undefined ? resolve(from, given) : resolve(root, data === '' ? 'data' : data),
    policy: policy === undefined ? resolve(root, 'ring.yaml') : resolve(from, policy),
  };
}
