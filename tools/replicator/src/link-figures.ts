import type { Copying, Refusal } from './copy-topic.js';

/** What a link has done since it was opened. */
export interface Figures {
  /** Records that were appended at the target, and their bytes. */
  readonly copied: number;
  readonly copiedBytes: number;
  /** Of those, how many twice, and how many records not at all, by the faults that were asked for. */
  readonly doubled: number;
  readonly lost: number;
  /** Records of other regions, which others copy. */
  readonly passedOver: number;
  /** Records that must not lie at the target, by the code of the reason. */
  readonly refused: Readonly<Record<string, number>>;
  readonly failures: number;
  /** What went wrong last; null where all is well again. */
  readonly because: string | null;
}

/** Counts what becomes of the records of a link, over all its topics. */
export class LinkFigures {
  readonly #counts = { copied: 0, copiedBytes: 0, doubled: 0, lost: 0, passedOver: 0, failures: 0 };
  readonly #refused: Record<string, number> = {};
  /** By topic, while its copying waits to be tried again. */
  readonly #troubles = new Map<string, string>();

  get isInTrouble(): boolean {
    return this.#troubles.size > 0;
  }

  failed(topic: string, because: string): void {
    this.#counts.failures++;
    this.#troubles.set(topic, because);
  }

  /** What the copying of a topic tells. */
  of(
    topic: string,
    onRefused: (refusal: Refusal) => void = () => undefined,
  ): Pick<Copying, 'onBegun' | 'onCopied' | 'onPassedOver' | 'onRefused'> {
    return {
      onBegun: () => void this.#troubles.delete(topic),
      onCopied: (records, outcome) => {
        this.#counts[outcome] += records.length;
        if (outcome === 'copied') this.#counts.copiedBytes += records.reduce((sum, { bytes }) => sum + bytes.length, 0);
      },
      onPassedOver: () => void this.#counts.passedOver++,
      onRefused: (refusal) => {
        this.#refused[refusal.code] = (this.#refused[refusal.code] ?? 0) + 1;
        onRefused(refusal);
      },
    };
  }

  now(): Figures {
    return { ...this.#counts, refused: { ...this.#refused }, because: [...this.#troubles.values()].at(-1) ?? null };
  }
}
