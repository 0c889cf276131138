import { randomBytes } from 'node:crypto';
import { fileToWrite } from '@ringside/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { ratePresets, type Rate } from './arrivals.js';
import { categories, publishedMix, type ReasonMix } from './reason-mix.js';

export interface Options {
  readonly reports: number;
  readonly rate: Rate;
  readonly burst: number;
  readonly seed: string;
  readonly mix: ReasonMix;
  readonly connections: number;
  /** Reports per request. */
  readonly batch: number;
  readonly idempotency: boolean;
  /** How long one report is tried, in seconds. */
  readonly deadline: number;
  readonly url: string;
  readonly teams: readonly string[];
  /** Where a token comes from to read the teams' cases with. */
  readonly issuer: string;
  /** One that is there already. */
  readonly token: string | undefined;
  readonly verify: boolean;
  readonly json?: string;
}

const teamPortOffsets = [1, 2, 3];
const issuerPortOffset = 9;

const whole =
  (min: number, max: number) =>
  (text: string): number => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= min && number <= max) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };

function rateOf(text: string): Rate {
  const rate = text === 'max' ? text : (ratePresets[text] ?? Number(text));
  if (rate === 'max' || (rate > 0 && rate <= 100_000)) return rate;
  throw new InvalidArgumentError(`It must be a number of reports per second, ${Object.keys(ratePresets).join(', ')} or max.`);
}

function mixOf(text: string): ReasonMix {
  const parts = Object.fromEntries(text.split(',').map((part) => part.split('=')));
  const mix = Object.fromEntries(categories.map((category) => [category, Number(parts[category] ?? 0)])) as ReasonMix;
  const valid = Object.keys(parts).every((name) => (categories as readonly string[]).includes(name));
  const weights = Object.values(mix);
  if (valid && weights.every((weight) => weight >= 0) && weights.some((weight) => weight > 0)) return mix;
  throw new InvalidArgumentError('It must be like abuse=47,cheating=41,other=12.');
}

function urlOf(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text.replace(/\/$/, '');
  throw new InvalidArgumentError('It must be an http or https URL.');
}

const mixText = Object.entries(publishedMix)
  .map(([category, weight]) => `${category}=${weight}`)
  .join(',');

export const loadgenCommand = (env: NodeJS.ProcessEnv = {}): Command =>
  new Command('loadgen')
    .description('Files reports as players do, and shows how they fared.')
    .option('-n, --reports <n>', 'how many reports', whole(1, 10_000_000), 1_000)
    .option('-r, --rate <rate>', 'reports per second: a number, console (2), large (93), or max', rateOf, ratePresets['large']!)
    .option('--burst [seconds]', 'each minute, ten times the rate for some seconds (5)', whole(1, 50))
    .option('--seed <text>', 'the same seed gives the same players and reports', randomBytes(4).toString('hex'))
    .addOption(
      new Option('--mix <mix>', 'how often each kind of reason is reported').argParser(mixOf).default(publishedMix, mixText),
    )
    .option('-c, --connections <n>', 'connections to report-intake', whole(1, 1_000), 32)
    .option('--batch [reports]', 'send so many reports in one request (100), to /v1/reports:batch', whole(2, 1_000))
    .option('--no-idempotency', 'send no Idempotency-Key: what may have been stored is not sent again')
    .option('--deadline <seconds>', 'how long a report is tried before its outcome counts as unknown', whole(1, 3_600), 60)
    .option('--port-base <port>', 'first port of the services, as in npm start', whole(1, 65_000), 3_000)
    .option('--url <url>', 'report-intake (default: on the first port)', urlOf)
    .option('--team <url...>', 'team services (default: on the three ports after the first)')
    .option(
      '--issuer <url>',
      'issuer of a token to read cases with (default: on the tenth port); or LOADGEN_TOKEN is one',
      urlOf,
    )
    .option('--verify', 'check afterwards that each report is where it must be, once, and nowhere else', false)
    .option('--json <file>', 'write the figures to a file too', fileToWrite(env))
    .helpOption('-h, --help', 'show this')
    .addHelpText(
      'after',
      '\nThe published means: 2 reports/s of a console network, 93/s of a very large game; bursts are ten times that.',
    );

/** Reads the command line; ends the process at `--help` and at what it does not understand. */
export function readOptions(argv: readonly string[], env: NodeJS.ProcessEnv = {}): Options {
  const { portBase, url, team, batch, issuer, ...options } = loadgenCommand(env)
    .parse(argv as string[])
    .opts<RawOptions>();
  const at = (offset: number): string => `http://127.0.0.1:${portBase + offset}`;
  return {
    ...options,
    burst: options.burst === true ? 5 : (options.burst ?? 0),
    batch: batch === true ? 100 : (batch ?? 1),
    url: url ?? at(0),
    issuer: issuer ?? at(issuerPortOffset),
    token: env['LOADGEN_TOKEN'] || undefined,
    teams: team?.map(urlOf) ?? teamPortOffsets.map(at),
  };
}

type RawOptions = Omit<Options, 'url' | 'teams' | 'batch' | 'burst' | 'issuer' | 'token'> & {
  readonly issuer?: string;
  readonly portBase: number;
  readonly url?: string;
  readonly team?: readonly string[];
  readonly batch?: number | true;
  readonly burst?: number | true;
};
