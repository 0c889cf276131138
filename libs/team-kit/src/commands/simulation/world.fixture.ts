import { UnavailableError } from '@ringside/core';

/** Picks one of so many. A run is determined by what this answers, one call after the other. */
export type Choose = (options: number) => number;

/** One of the two things that processes talk to. Nothing else in a run takes time. */
export type Dependency = 'event-log' | 'view-store';

interface Effects {
  /** What the call changes, piece by piece. */
  readonly parts: readonly (() => void)[];
  /** Pieces come one after the other, as records of one key do; else each comes or stays away by itself. */
  readonly inOrder: boolean;
}

interface Call extends Effects {
  readonly process: object;
  readonly dependency: Dependency;
  readonly answer: () => void;
  readonly fail: (error: Error) => void;
}

/** Something that may happen next; `weight` says how often it is picked. */
export interface Move {
  readonly weight: number;
  readonly run: () => void;
}

const noParts: Effects = { parts: [], inOrder: true };

/**
 * Calls under way, and what becomes of them: answered; lost on the way; stored and not answered; not answered, and stored in part
 * or whole at any later time. A process that dies leaves its calls to the same fates, and is never heard of again.
 */
export class World {
  private calls: Call[] = [];
  private late: (() => void)[] = [];

  constructor(
    private readonly choose: Choose,
    public faultsLeft: number,
    /** Whether every move is picked alike, as a search over all of them wants. */
    private readonly unweighted = false,
  ) {}

  get isQuiet(): boolean {
    return this.calls.length === 0;
  }

  call<T>(process: object, dependency: Dependency, answer: () => T, effects: Partial<Effects> = {}): Promise<T> {
    return new Promise((resolve, reject) => {
      const answered = (): void => {
        try {
          resolve(answer());
        } catch (error) {
          reject(error as Error);
        }
      };
      this.calls.push({ ...noParts, ...effects, process, dependency, answer: answered, fail: reject });
    });
  }

  /** What may happen next. `isPatient`: what is late comes when nothing else is under way. */
  moves(isPatient = false): readonly Move[] {
    const moves: Move[] = [];
    for (const call of this.calls) {
      moves.push({ weight: 20, run: () => this.answer(call) });
      if (this.faultsLeft > 0) moves.push({ weight: 1, run: () => this.time(call) });
    }
    return isPatient && moves.length > 0 ? moves : [...moves, ...this.arrivals()];
  }

  arrivals(): readonly Move[] {
    return this.late.map((effect) => ({ weight: 1, run: () => this.arrive(effect) }));
  }

  /** One of the moves, and all that processes do until they wait again. */
  async play(moves: readonly Move[]): Promise<void> {
    this.pick(moves).run();
    await new Promise(setImmediate);
  }

  /** A choice that is not a move. */
  toss(): boolean {
    return this.choose(2) === 1;
  }

  private pick(moves: readonly Move[]): Move {
    if (this.unweighted) return moves[this.choose(moves.length)]!;
    let at = this.choose(moves.reduce((sum, { weight }) => sum + weight, 0));
    return moves.find(({ weight }) => (at -= weight) < 0)!;
  }

  /** A process dies. */
  crash(process: object): void {
    const own = this.calls.filter((call) => call.process === process);
    this.calls = this.calls.filter((call) => call.process !== process);
    for (const call of own) this.leave(call);
  }

  private answer(call: Call): void {
    this.calls.splice(this.calls.indexOf(call), 1);
    for (const part of call.parts) part();
    call.answer();
  }

  private time(call: Call): void {
    this.faultsLeft--;
    this.calls.splice(this.calls.indexOf(call), 1);
    this.leave(call);
    call.fail(new UnavailableError(call.dependency, 'timed out'));
  }

  /** Nobody hears what becomes of it. */
  private leave({ parts, inOrder }: Call): void {
    if (parts.length === 0) return;
    if (inOrder) {
      const stored = this.choose(parts.length + 1);
      for (const part of parts.slice(0, stored)) part();
      const rest = parts.slice(stored, stored + this.choose(parts.length - stored + 1));
      if (rest.length > 0) this.late.push(() => rest.forEach((part) => part()));
      return;
    }
    for (const part of parts) {
      const fate = this.choose(3);
      if (fate === 0) part();
      else if (fate === 1) this.late.push(part);
    }
  }

  private arrive(effect: () => void): void {
    this.late.splice(this.late.indexOf(effect), 1);
    effect();
  }
}
