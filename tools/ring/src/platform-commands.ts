import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { from, print } from './command-line.js';
import { askPlatform, type PlatformOptions } from './platform-client.js';
import { tableOf } from './table.js';

interface CommonOptions extends PlatformOptions {
  readonly json: boolean;
}

/** What a region's platform service does and says, over HTTP. */
export function addPlatformCommands(program: Command): void {
  common(program.command('promote').argument('<home>', 'the region whose cases are meant'))
    .description('let another region work the cases of a home, or itself again, in a new term')
    .requiredOption('--to <region>', 'one of its successors, or itself (required)')
    .requiredOption(
      '--reason <text>',
      'one line, in the record of every region for ever: about servers, without names of people (required)',
    )
    .option('--force', 'gives a home back though it may lack what was done in its place, which has no effect then', false)
    .action(promote);
  common(program.command('terms')).description('which region works the cases of each home, and since when').action(terms);
  common(program.command('convergence'))
    .description('whether the regions hold the same of what they share. Exits with 2 where they do not')
    .action(convergence);
  common(program.command('repair'))
    .description(
      'compare now, and fetch what is missing in the region from those that have it. A round fetches so much and no more: ' +
        'repeat it until nothing is fetched and nothing is on its way',
    )
    .option('--peer <region>', 'from this one alone')
    .option('--topic <topic>', 'of this topic of the log alone, such as cases.eu')
    .option('--verify', "read the region's log anew first, for what it had once and has no longer", false)
    .action(repair);
  common(program.command('subscriptions'))
    .description('how far the subscriptions of the region are behind')
    .action(subscriptions);
}

/** The last of a region's ports is so far from its first, and there are no more than 65,535. */
const portBaseMax = 65_526;

function portOf(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= portBaseMax) return Number(text);
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${portBaseMax}.`);
}

const common = (command: Command): Command =>
  command
    .option('--url <url>', "the region's platform service (default: that of the first region, http://127.0.0.1:3004)")
    .addOption(
      new Option('--port-base <port>', 'as for npm start: where the first region and the development issuer are').argParser(
        portOf,
      ),
    )
    .addOption(new Option('--token <jwt>', 'of the role platform').env('RINGSIDE_TOKEN'))
    .addOption(
      new Option('--token-file <file>', 'file with the token')
        .argParser((text: string) => resolve(from, text))
        .conflicts('token'),
    )
    .addOption(
      new Option(
        '--issuer <url>',
        'development issuer to get one from; on this machine that of npm start, found by --port-base or --url',
      ).conflicts(['token', 'tokenFile']),
    )
    .option('--json', 'for programs', false);

interface Term {
  readonly home: string;
  readonly servedBy: string;
  readonly term: number;
}

interface Promotion extends Term {
  readonly by: string;
  readonly reason: string;
  readonly promotedAt: string;
}

async function promote(
  home: string,
  options: CommonOptions & { readonly to: string; readonly reason: string; readonly force: boolean },
): Promise<void> {
  const wanted = { home, servedBy: options.to, reason: options.reason, ...(options.force && { force: true }) };
  const { body } = await askPlatform<Promotion>(options, '/v1/ring/promotions', wanted);
  if (options.json) return print(JSON.stringify(body, null, 2));
  print(`${pc.bold(body.servedBy)} works the cases of ${pc.bold(body.home)} from now on, in term ${body.term}.`);
}

async function terms(options: CommonOptions): Promise<void> {
  const { body } = await askPlatform<{ items: readonly (Term & { history: readonly Promotion[] })[] }>(
    options,
    '/v1/ring/terms',
  );
  if (options.json) return print(JSON.stringify(body.items, null, 2));
  const rows = body.items.map(({ home, servedBy, term, history: [latest] }) => {
    const shown = servedBy === home ? servedBy : pc.yellow(servedBy);
    return [home, shown, String(term), latest?.promotedAt ?? '', latest?.by ?? '', latest?.reason ?? ''];
  });
  print(tableOf(['home', 'served by', 'term', 'since', 'by', 'reason'], rows));
}

interface TopicState {
  readonly topic: string;
  readonly equal: boolean;
  readonly differingBuckets: number;
  readonly missingHere: number;
  readonly missingThere: number;
  readonly onTheirWay: number;
  readonly conflictCount: number;
  readonly restored?: number;
  readonly comparedAt?: string;
}

interface PeerState {
  readonly peer: string;
  readonly problem: string | null;
  readonly topics: readonly TopicState[];
}

const figuresHead = ['peer', 'topic', '', 'buckets', 'missing here', 'missing there', 'on their way', 'conflicts'];

const figuresOf = (peer: string, topic: TopicState): readonly string[] => [
  ...[peer, topic.topic, topic.equal ? pc.green('equal') : pc.red('differs'), String(topic.differingBuckets)],
  ...[topic.missingHere, topic.missingThere, topic.onTheirWay, topic.conflictCount].map(String),
];

async function convergence(options: CommonOptions): Promise<void> {
  interface Held {
    readonly topic: string;
    readonly events: number;
    readonly doubled: number;
    readonly conflicting: number;
  }
  interface State {
    readonly region: string;
    readonly held: readonly Held[];
    readonly peers: readonly PeerState[];
  }
  const { body } = await askPlatform<State>(options, '/v1/ring/convergence');
  // Where nothing was compared yet, nobody can say that they do.
  const isEqual = ({ problem, topics }: PeerState): boolean =>
    problem === null && topics.length > 0 && topics.every(({ equal }) => equal);
  const isConverged = body.peers.every(isEqual);
  if (!isConverged) process.exitCode = 2;
  if (options.json) return print(JSON.stringify(body, null, 2));
  const held = body.held.map(({ topic, ...figures }) => [
    topic,
    ...[figures.events, figures.doubled, figures.conflicting].map(String),
  ]);
  print(`${pc.bold(body.region)} holds`);
  print(tableOf(['topic', 'events', 'doubled', 'conflicting'], held));
  if (body.peers.length === 0) return print('It has no peers to compare that with.');
  const rows = body.peers.flatMap(({ peer, topics }) =>
    topics.map((topic) => [...figuresOf(peer, topic), topic.comparedAt ?? '']),
  );
  print(tableOf([...figuresHead, 'compared at'], rows));
  for (const { peer, topics } of body.peers)
    if (topics.length === 0) print(pc.yellow(`${peer}: nothing was compared with it yet.`));
  problemsOf(body.peers).forEach(print);
}

interface RepairOptions extends CommonOptions {
  readonly peer?: string;
  readonly topic?: string;
  readonly verify: boolean;
}

async function repair(options: RepairOptions): Promise<void> {
  const { peer, topic, verify } = options;
  interface Round extends PeerState {
    readonly refused: readonly { readonly id: string; readonly topic: string; readonly detail: string }[];
  }
  interface Verified {
    readonly topic: string;
    readonly read: number;
    readonly gone: number;
    readonly restored: number;
  }
  const wanted = { verify, ...(peer !== undefined && { peer }), ...(topic !== undefined && { topic }) };
  const { body } = await askPlatform<{ peers: readonly Round[]; verified?: readonly Verified[] }>(
    options,
    '/v1/ring/repair',
    wanted,
  );
  if (body.peers.some(({ problem }) => problem !== null)) process.exitCode = 1;
  if (options.json) return print(JSON.stringify(body, null, 2));
  if (body.verified !== undefined) {
    const verified = body.verified.map((one) => [one.topic, ...[one.read, one.gone, one.restored].map(String)]);
    print(tableOf(['topic', 'records read', 'gone', 'fetched'], verified));
  }
  const rows = body.peers.flatMap((round) =>
    round.topics.map((one) => [...figuresOf(round.peer, one), String(one.restored ?? 0)]),
  );
  print(tableOf([...figuresHead, 'fetched'], rows));
  const isLeft = body.peers.some(({ topics }) => topics.some((one) => (one.restored ?? 0) > 0 || one.onTheirWay > 0));
  if (isLeft) print('There may be more: repeat this until nothing is fetched and nothing is on its way.');
  for (const round of body.peers) {
    for (const { id, topic: of, detail } of round.refused) print(pc.red(`${round.peer}: ${of} ${id} was not taken: ${detail}`));
  }
  problemsOf(body.peers).forEach(print);
}

const problemsOf = (peers: readonly PeerState[]): readonly string[] =>
  peers.flatMap(({ peer, problem }) => (problem === null ? [] : [pc.red(`${peer}: ${problem}`)]));

async function subscriptions(options: CommonOptions): Promise<void> {
  interface Item {
    readonly topic: string;
    readonly subscription: string;
    readonly backlog: number;
    readonly lagSeconds: number;
  }
  const { body } = await askPlatform<{ items: readonly Item[] }>(options, '/v1/subscriptions');
  if (options.json) return print(JSON.stringify(body.items, null, 2));
  const rows = body.items.map(({ topic, subscription, backlog, lagSeconds }) => [
    ...[topic, subscription, String(backlog), lagSeconds.toFixed(1)],
  ]);
  print(tableOf(['topic', 'subscription', 'backlog', 'lag in s'], rows));
}
