import type { ReportFiled } from '@ringside/events';

import type { SubjectFigures } from '../../dist/peers/subject-figures.js';

/** What a peer keeps reports in. One process opens one of them. */
export interface PeerStore {
  /** Resolves once the report is as durable as the peer makes it. */
  append(report: ReportFiled): Promise<unknown>;
  /** As many at once as the peer can, for filling it. */
  fill(reports: readonly ReportFiled[]): Promise<void>;
  /** How many reports it has, as it counts them itself. */
  count(): Promise<number>;
  close(): Promise<void>;
  /** Absent where it makes no view. */
  readonly projecting?: Projecting;
}

export interface Projected {
  /** All that are kept. */
  readonly reports: number;
  /** So many of them are for warming up. */
  readonly warmUp: number;
  /** To be called when those are in the view. */
  readonly isWarm: () => void;
}

/** A peer that makes the view of what it keeps. */
export interface Projecting {
  /** Takes up what is kept and not yet in the view; resolves once all are in it. */
  project(task: Projected): Promise<void>;
  /** Makes the view anew from what is kept; absent where nothing is. */
  rebuild?(): Promise<void>;
  /** Reads the whole view. */
  view(): Promise<ReadonlyMap<string, SubjectFigures>>;
}

export interface StoreOptions {
  /** Of its server, with the name of a database for PostgreSQL; a directory where there is no server. */
  readonly url: string;
}
