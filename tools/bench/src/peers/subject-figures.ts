import { createHash } from 'node:crypto';
import type { ReportFiled } from '@ringside/events';

/** What everybody projects: how many reports of each kind a subject has, and from when to when. */
export interface KindFigures {
  readonly reports: number;
  /** ISO date-times. */
  readonly firstAt: string;
  readonly lastAt: string;
}

/** By reason. */
export type SubjectFigures = Readonly<Record<string, KindFigures>>;

export type Reported = Pick<ReportFiled['data'], 'subjectId' | 'reason' | 'filedAt'>;

/** The figures of a subject with one more report. */
export function withReport(figures: SubjectFigures, { reason, filedAt }: Reported): SubjectFigures {
  return { ...figures, [reason]: together(figures[reason], { reports: 1, firstAt: filedAt, lastAt: filedAt }) };
}

/** The figures of many reports, subject by subject. */
export function figuresOf(reports: Iterable<Reported>): Map<string, Record<string, KindFigures>> {
  const subjects = new Map<string, Record<string, KindFigures>>();
  for (const { subjectId, reason, filedAt } of reports) {
    const figures = subjects.get(subjectId) ?? {};
    figures[reason] = together(figures[reason], { reports: 1, firstAt: filedAt, lastAt: filedAt });
    subjects.set(subjectId, figures);
  }
  return subjects;
}

function together(some: KindFigures | undefined, more: KindFigures): KindFigures {
  if (some === undefined) return more;
  return {
    reports: some.reports + more.reports,
    firstAt: more.firstAt < some.firstAt ? more.firstAt : some.firstAt,
    lastAt: more.lastAt > some.lastAt ? more.lastAt : some.lastAt,
  };
}

/** What a view shows, in few words: two that differ in any figure differ in this. */
export interface ViewSummary {
  readonly reports: number;
  readonly subjects: number;
  readonly digest: string;
}

export function summaryOf(view: ReadonlyMap<string, SubjectFigures>): ViewSummary {
  const hash = createHash('sha256');
  let reports = 0;
  for (const subject of [...view.keys()].sort()) {
    const figures = view.get(subject)!;
    for (const reason of Object.keys(figures).sort()) {
      const { reports: some, firstAt, lastAt } = figures[reason]!;
      reports += some;
      hash.update(JSON.stringify([subject, reason, some, firstAt, lastAt]));
    }
  }
  return { reports, subjects: view.size, digest: hash.digest('hex') };
}

/** A figure as a table of a database has it. */
export interface FigureRow extends KindFigures {
  readonly subjectId: string;
  readonly reason: string;
}

export const rowsOf = (view: ReadonlyMap<string, SubjectFigures>): readonly FigureRow[] =>
  [...view].flatMap(([subjectId, figures]) =>
    Object.entries(figures).map(([reason, figure]) => ({ subjectId, reason, ...figure })),
  );

export function viewOfRows(rows: Iterable<FigureRow>): Map<string, Record<string, KindFigures>> {
  const view = new Map<string, Record<string, KindFigures>>();
  for (const { subjectId, reason, reports, firstAt, lastAt } of rows) {
    const figures = view.get(subjectId) ?? {};
    figures[reason] = { reports, firstAt, lastAt };
    view.set(subjectId, figures);
  }
  return view;
}
