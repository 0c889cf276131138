import { compareAll, type Contender } from '../compare.js';
import type { Measurement } from '../measurement.js';
import {
  bullMq,
  bullMqEverySecond,
  emmett,
  nestCqrs,
  peerWorker,
  postgresBatches,
  ringsideLog,
  type PeerEntry,
  type PeerIntakeInput,
} from '../peers/contestants.js';
import { appends } from '../peers/descriptions.js';
import { onGround, type Ground } from '../peers/ground.js';
import { expectCount, type BenchContext, type BenchRow, type RowResult } from '../row.js';
import { servicesThere, startServiceProcess } from '../service-process.js';
import { runWorker, startWorker } from '../worker-process.js';
import type { HttpLoadInput, HttpLoadResult } from './intake.js';

/** Ringside's rate by that of the best peer that flushes before it answers. */
const aimOfPeers = 5;

const service = 'report-intake';

type Load = Pick<HttpLoadInput, 'connections' | 'requests' | 'warmUp'>;

const rowFor = (name: string, connections: 1 | 64): BenchRow => ({
  name,
  title: `reports accepted over HTTP beside what a user would choose instead, ${connections === 1 ? 'one caller' : `${connections} callers`}`,
  run: async (context) => {
    if (!servicesThere().includes(service)) return { kind: 'skipped', why: `${service} is not in this workspace` };
    return onGround(context, (ground) => accepted(context, ground, connections));
  },
});

export const peerIntake = rowFor('peer-intake', 64);
export const peerIntakeAlone = rowFor('peer-intake-alone', 1);

const peers: readonly PeerEntry[] = [emmett, nestCqrs, bullMq];
const others: readonly PeerEntry[] = [postgresBatches, ringsideLog, bullMqEverySecond];
const floors: readonly PeerEntry[] = [postgresBatches, ringsideLog];

/** So many that each takes a second or two, after as many that it is compiled and its connections are open. */
function loadOf(entry: PeerEntry | 'ringside', connections: number, { quick }: BenchContext): Load {
  if (connections === 1) return { connections, requests: quick ? 500 : 1_500, warmUp: 500 };
  const isFast = entry === 'ringside' || floors.includes(entry);
  const requests = isFast ? 8_000 : 2_500;
  return { connections, requests: quick ? requests : 3 * requests, warmUp: isFast ? 6_000 : 2_000 };
}

function accepted(context: BenchContext, ground: Ground, connections: 1 | 64): Promise<RowResult> {
  const contender = (entry: PeerEntry): Contender => ({
    name: entry.name,
    role: floors.includes(entry) ? 'floor' : 'peer',
    is: `${serverOf(entry)}: ${appends(entry, ground)}`,
    durability: entry.durability,
    ...(connections === 64 && peers.includes(entry) ? { aimRatioMin: aimOfPeers } : {}),
    run: () => peerRound(entry, ground, loadOf(entry, connections, context)),
  });
  return compareAll(
    {
      subjectIs: `${service} as it runs in production (Nest on Fastify), with its own projection of report statuses beside it; reports without evidence`,
      counted: 'reports',
      subject: () => subjectRound(context, loadOf('ringside', connections, context)),
      others: [...peers, ...others].map(contender),
    },
    context,
  );
}

const serverOf = (entry: PeerEntry): string =>
  `POST /v1/reports of ${entry === nestCqrs ? 'Nest on Fastify' : 'Fastify'}, readReportForm and reportEvents as in Ringside`;

const peerRound = (entry: PeerEntry, ground: Ground, load: Load): Promise<Measurement> =>
  ground.at(entry, async (place) => {
    const input: PeerIntakeInput = { store: entry.store, ...place };
    const worker = peerWorker(entry === nestCqrs ? 'nest-intake' : 'intake');
    const server = startWorker<{ readonly stored: number }>(worker, input);
    const { url, pid } = (await server.ready) as { url: string; pid: number };
    const loaded: HttpLoadInput = { url, pid, behind: place.servers, ...load };
    const { accepted: answered, ...measurement } = await runWorker<HttpLoadResult>('http-load', loaded);
    server.go();
    expectCount(`reports that ${entry.name} has`, (await server.result).stored, answered);
    return measurement;
  });

async function subjectRound(context: BenchContext, load: Load): Promise<Measurement> {
  const dataDirectory = context.newDirectory();
  const server = await startServiceProcess(service, { ...context, dataDirectory });
  const loaded: HttpLoadInput = { url: server.url, pid: server.pid, ...load };
  const { accepted: answered, ...measurement } = await runWorker<HttpLoadResult>('http-load', loaded);
  await server.stop();
  const stored = await runWorker<number>('count-events', { data: dataDirectory });
  expectCount('reports on the log, each once', stored, answered);
  return measurement;
}
