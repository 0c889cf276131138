import { compareAll, type Contender } from '../compare.js';
import type { Measurement } from '../measurement.js';
import { bullMq, bullMqEverySecond, emmett, nestCqrs, peerWorker, postgresBatches } from '../peers/contestants.js';
import type { PeerAppendInput, PeerEntry } from '../peers/contestants.js';
import { appends } from '../peers/descriptions.js';
import { onGround, type Ground } from '../peers/ground.js';
import { expectCount, type BenchContext, type BenchRow, type RowResult } from '../row.js';
import { runWorker } from '../worker-process.js';

export type PeerAppendSubjectInput = Load & { readonly data: string };

/** Goals of the project. */
const aims = new Map([
  [emmett, 15],
  [postgresBatches, 1.5],
]);

type Load = Pick<PeerAppendInput, 'callers' | 'events' | 'warmUp'>;

/** So many that each takes a second or two, after as many that it is compiled and its connections are open. */
function loadOf(entry: PeerEntry | 'ringside', callers: number, { quick }: BenchContext): Load {
  if (callers === 1) return { callers, events: quick ? 600 : 1_800, warmUp: 500 };
  const isFast = entry === 'ringside' || entry === postgresBatches;
  const events = isFast ? 20_000 : 2_500;
  return { callers, events: quick ? events : 3 * events, warmUp: isFast ? 6_000 : 2_000 };
}

const rowFor = (name: string, callers: 1 | 64): BenchRow => ({
  name,
  title: `events of reports appended beside what a user would choose instead, ${callers === 1 ? 'one caller' : `${callers} callers`}`,
  run: (context) => onGround(context, (ground) => appended(context, ground, callers)),
});

export const peerAppend = rowFor('peer-append', 64);
export const peerAppendAlone = rowFor('peer-append-alone', 1);

function appended(context: BenchContext, ground: Ground, callers: 1 | 64): Promise<RowResult> {
  const contender = (entry: PeerEntry): Contender => {
    const aimRatioMin = callers === 64 ? aims.get(entry) : undefined;
    return {
      name: entry.name,
      role: entry === postgresBatches ? 'floor' : 'peer',
      is: appends(entry, ground),
      durability: entry.durability,
      ...(aimRatioMin === undefined ? {} : { aimRatioMin }),
      run: () => peerRound(entry, ground, loadOf(entry, callers, context)),
    };
  };
  return compareAll(
    {
      subjectIs: 'EventLog.append of the embedded log, the same events as JSON; 8 partitions',
      subject: () => subjectRound(context, loadOf('ringside', callers, context)),
      others: [emmett, nestCqrs, bullMq, postgresBatches, bullMqEverySecond].map(contender),
    },
    context,
  );
}

const peerRound = (entry: PeerEntry, ground: Ground, load: Load): Promise<Measurement> =>
  ground.at(entry, async (place) => {
    const input: PeerAppendInput = { store: entry.store, ...place, ...load };
    const { stored, ...measurement } = await runWorker<Measurement & { readonly stored: number }>(peerWorker('append'), input);
    expectCount(`reports that ${entry.name} has`, stored, load.events + load.warmUp);
    return measurement;
  });

async function subjectRound(context: BenchContext, load: Load): Promise<Measurement> {
  const input: PeerAppendSubjectInput = { data: context.newDirectory(), ...load };
  const measurement = await runWorker<Measurement>('peer-append-subject', input, context);
  const stored = await runWorker<number>('count-events', { data: input.data });
  expectCount('events on the log, each once', stored, load.events + load.warmUp);
  return measurement;
}
