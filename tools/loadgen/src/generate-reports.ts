import { isoTime } from '@ringside/core';
import { randomOf, type Random } from '@ringside/random';

import { evidenceFor, type Incident } from './evidence.js';
import { Players, type Reporter } from './players.js';
import { categories, publishedMix, reasonsByCategory, type ReasonMix } from './reason-mix.js';
import type { ReportForm } from './report-form.js';

export interface GeneratedReport {
  /** Counts from 1 in the order of the stream. */
  readonly number: number;
  /** Unique over runs; `Idempotency-Key` of a report sent on its own. */
  readonly key: string;
  readonly form: ReportForm;
}

export interface GeneratorOptions {
  readonly seed: string;
  /** Part of every id, so that several runs on one data directory keep apart. */
  readonly run: string;
  /** The incidents lie in the half hour before this, in ms since the epoch. */
  readonly startedAt: number;
  readonly mix?: ReasonMix;
}

const incidentMsMax = 30 * 60_000;
const matchesAtOnce = 40;

/** An endless stream of reports. The same options give the same stream. */
export function* generateReports(options: GeneratorOptions): Generator<GeneratedReport, never, void> {
  const random = randomOf(options.seed);
  const players = new Players(random, `${options.run}-p`);
  const mix = categories.map((category) => ({ category, weight: (options.mix ?? publishedMix)[category] }));
  for (let number = 1; ; number += 1) {
    const { category } = random.pickWeighted(mix);
    const { reason } = random.pickWeighted(reasonsByCategory[category]);
    const reporter: Reporter = players.nextReporter();
    const subject = players.nextSubject(reporter, category);
    const incident: Incident = {
      category,
      reporterId: reporter.id,
      subjectId: subject.id,
      matchId: matchOf(random, options.run, number),
      occurredAt: options.startedAt - random.between(60_000, incidentMsMax),
    };
    const form: ReportForm = {
      game: random.pick(subject.games),
      reporterId: reporter.id,
      subjectId: subject.id,
      reason,
      ...(random.chance(0.9) && { matchId: incident.matchId }),
      ...(random.chance(0.95) && { occurredAt: isoTime(incident.occurredAt) }),
      ...evidenceFor(random, incident, reason === 'other'),
    };
    yield { number, key: `${options.run}-r${number}`, form };
  }
}

/** One of the matches that are on while this report is filed. */
const matchOf = (random: Random, run: string, number: number): string =>
  `${run}-m${Math.floor(number / 10) + random.between(1, matchesAtOnce)}`;
