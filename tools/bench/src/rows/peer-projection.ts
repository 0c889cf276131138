import { compareAll, type Contender } from '../compare.js';
import type { Measurement } from '../measurement.js';
import {
  bullMq,
  bullMqEverySecond,
  emmett,
  emmettSql,
  nestCqrs,
  peerWorker,
  type PeerEntry,
  type PeerFillingInput,
  type PeerProjectionInput,
} from '../peers/contestants.js';
import { projects } from '../peers/descriptions.js';
import { onGround, type Ground } from '../peers/ground.js';
import { projectedReports } from '../peers/projected-reports.js';
import { figuresOf, summaryOf, type ViewSummary } from '../peers/subject-figures.js';
import { expectCount, type BenchContext, type BenchRow, type RowResult } from '../row.js';
import { runWorker } from '../worker-process.js';

export interface PeerProjectionSubjectInput {
  /** Holds the log. */
  readonly filled: string;
  /** Where the views go. */
  readonly directory: string;
  readonly events: number;
  /** Others that are there too, and are projected before the measurement. */
  readonly warmUp: number;
  /** Measure not the first projection but the one anew after it. */
  readonly rebuilds: boolean;
}

export type PeerProjectionResult = Measurement & { readonly shown: ViewSummary };

/** Goal of the project, in the rate of Emmett with its own projections; what one gets by SQL of one's own is shown beside it. */
const aimOfEmmett = 40;

const theView = 'how many reports a subject has of each kind, from when to when';

interface Kind {
  readonly name: string;
  readonly title: string;
  readonly subjectIs: string;
  readonly rebuilds: boolean;
  readonly peers: readonly PeerEntry[];
}

const rowFor = (kind: Kind): BenchRow => ({
  name: kind.name,
  title: kind.title,
  run: (context) => onGround(context, (ground) => projected(context, ground, kind)),
});

const kit = "a subscriber of the team kit with this one projection, as in a team's service";

export const peerProjection = rowFor({
  name: 'peer-projection',
  title: `events projected beside what a user would choose instead: ${theView}`,
  subjectIs: `${kit}: batches of at most 500, every event once by its id, views and checkpoint durable before the acknowledgement`,
  rebuilds: false,
  peers: [emmett, emmettSql, bullMq, bullMqEverySecond],
});

export const peerRebuild = rowFor({
  name: 'peer-rebuild',
  title: `the same view made anew from all events beside what a user would choose instead`,
  subjectIs: `${kit}: rebuildViews, with the comparison of all rows with those of the live view, and the change over to the new one`,
  rebuilds: true,
  peers: [emmett, emmettSql, nestCqrs],
});

type Task = Pick<PeerProjectionInput, 'events' | 'warmUp' | 'rebuilds'>;

/** So many that each takes some seconds at most; whole batches of Emmett's. */
function taskOf(entry: PeerEntry | 'ringside', { quick }: BenchContext, rebuilds: boolean): Task {
  if (entry === 'ringside') return { events: quick ? 30_000 : 100_000, warmUp: 10_000, rebuilds };
  const some = entry.server === 'postgres' ? 1_000 : 2_000;
  return { events: quick ? some : 3 * some, warmUp: some / 2, rebuilds };
}

const allOf = ({ events, warmUp }: Task): number => events + warmUp;

async function projected(context: BenchContext, ground: Ground, kind: Kind): Promise<RowResult> {
  const filled = context.newDirectory();
  const { rebuilds } = kind;
  await runWorker('peer-projection-filling', { filled, events: allOf(taskOf('ringside', context, rebuilds)) });
  const contender = (entry: PeerEntry): Contender => ({
    name: entry.name,
    role: 'peer',
    is: projects(entry, ground),
    durability: entry.durability,
    ...(entry === emmett ? { aimRatioMin: aimOfEmmett } : {}),
    run: () => peerRound(entry, ground, taskOf(entry, context, rebuilds)),
  });
  return compareAll(
    { subjectIs: kind.subjectIs, subject: () => subjectRound(context, filled, rebuilds), others: kind.peers.map(contender) },
    context,
  );
}

function peerRound(entry: PeerEntry, ground: Ground, task: Task): Promise<Measurement> {
  const events = allOf(task);
  return ground.at(
    entry,
    async (place) => {
      const input: PeerProjectionInput = { store: entry.store, ...place, ...task };
      const { shown, ...measurement } = await runWorker<PeerProjectionResult>(peerWorker('projection'), input);
      expectView(entry.name, shown, events);
      return measurement;
    },
    async (place) => {
      const input: PeerFillingInput = { store: entry.store, ...place, events };
      expectCount(`reports that ${entry.name} is filled with`, await runWorker<number>(peerWorker('filling'), input), events);
    },
  );
}

async function subjectRound(context: BenchContext, filled: string, rebuilds: boolean): Promise<Measurement> {
  const task = taskOf('ringside', context, rebuilds);
  const input: PeerProjectionSubjectInput = { filled, directory: context.newDirectory(), ...task };
  const { shown, ...measurement } = await runWorker<PeerProjectionResult>('peer-projection-subject', input, context);
  expectView('Ringside', shown, allOf(task));
  return measurement;
}

const expected = new Map<number, ViewSummary>();

/** Every figure of every subject, against the reports themselves. */
function expectView(who: string, shown: ViewSummary, events: number): void {
  const wanted = expected.get(events) ?? summaryOf(figuresOf(projectedReports(events).map(({ data }) => data)));
  expected.set(events, wanted);
  expectCount(`reports in the view of ${who}`, shown.reports, events);
  expectCount(`subjects in the view of ${who}`, shown.subjects, wanted.subjects);
  if (shown.digest !== wanted.digest)
    throw new Error(`The view of ${who} has as many reports as it should, and wrong figures.`);
}
