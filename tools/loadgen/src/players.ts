import type { Random } from '@ringside/random';

import type { Category } from './reason-mix.js';

export interface Subject {
  readonly id: string;
  /** Most players are reported in one game, some in two: then there are two cases of each team. */
  readonly games: readonly string[];
}

export interface Reporter {
  readonly id: string;
  readonly floods: boolean;
  reportsLeft: number;
  /** Whom a flood is about. */
  target: Subject | undefined;
}

const games = [
  { game: 'stormfall', weight: 55 },
  { game: 'arena-nine', weight: 30 },
  { game: 'kart.rush', weight: 15 },
];

/** Published: a reported player is reported about seven times. */
const reportsPerSubjectMean = 7;
/** A report may follow one of this many reports before it: who is reported now is likely to be reported again soon. */
const recentReportsMax = 300;
/** Published: one reporter in a hundred files a flood. */
const floodingShare = 0.01;
/** Reporters whose reports come in between each other's. */
const reportersAtOnce = 20;
const secondGameShare = 0.05;
/** Some reports are revenge: their subject has reported others. */
const revengeShare = 0.2;
const otherCategoryShare = 0.15;

/**
 * Players who report and are reported. Each report is about somebody new with probability 1/7, and otherwise about the subject
 * of a recent report: so every report draws 6/7 of another on average, the mean is 7 whatever the length of the run, and the
 * numbers are heavy-tailed (the Borel distribution of a branching process, H. A. Simon's model with a limited memory).
 */
export class Players {
  readonly #recent: Record<Category, Subject[]> = { abuse: [], cheating: [], other: [] };
  readonly #reporters: Reporter[] = [];
  /** Reporters who are nobody's subject yet. */
  readonly #unreported: string[] = [];
  #count = 0;

  constructor(
    private readonly random: Random,
    private readonly idPrefix: string,
  ) {}

  nextReporter(): Reporter {
    while (this.#reporters.length < reportersAtOnce) this.#reporters.push(this.#newReporter());
    const at = this.random.between(0, this.#reporters.length - 1);
    const reporter = this.#reporters[at]!;
    reporter.reportsLeft -= 1;
    if (reporter.reportsLeft === 0) this.#reporters.splice(at, 1);
    return reporter;
  }

  nextSubject(reporter: Reporter, category: Category): Subject {
    const memory = this.random.chance(otherCategoryShare)
      ? this.random.pick(Object.values(this.#recent))
      : this.#recent[category];
    const subject = this.#repeatedSubject(reporter, memory) ?? this.#newSubject(reporter);
    if (reporter.floods) reporter.target = subject;
    if (memory.length < recentReportsMax) memory.push(subject);
    else memory[this.random.between(0, recentReportsMax - 1)] = subject;
    return subject;
  }

  #repeatedSubject(reporter: Reporter, memory: readonly Subject[]): Subject | undefined {
    if (memory.length === 0 || this.random.chance(1 / reportsPerSubjectMean)) return undefined;
    const subject = reporter.target ?? this.random.pick(memory);
    return subject.id === reporter.id ? undefined : subject;
  }

  #newReporter(): Reporter {
    const id = this.#newId();
    const floods = this.random.chance(floodingShare);
    if (!floods) this.#unreported.push(id);
    const reportsLeft = floods ? this.random.between(10, 40) : this.random.chance(0.2) ? this.random.between(2, 3) : 1;
    return { id, floods, reportsLeft, target: undefined };
  }

  #newSubject(reporter: Reporter): Subject {
    const game = this.random.pickWeighted(games).game;
    const second = this.random.pick(games).game;
    const twoGames = this.random.chance(secondGameShare) && second !== game;
    return { id: this.#newSubjectId(reporter), games: twoGames ? [game, second] : [game] };
  }

  #newSubjectId(reporter: Reporter): string {
    if (!this.random.chance(revengeShare)) return this.#newId();
    const at = this.random.between(0, Math.max(0, this.#unreported.length - 1));
    if (this.#unreported.length === 0 || this.#unreported[at] === reporter.id) return this.#newId();
    const [id] = this.#unreported.splice(at, 1);
    return id!;
  }

  #newId(): string {
    this.#count += 1;
    return `${this.idPrefix}${this.#count}`;
  }
}
