import type { Answer, Answers } from './answers.js';

/** What came of asking for everything. */
export type Reply =
  | { readonly kind: 'answered'; readonly answers: Answers }
  /** The process did not get to its end: `SIGBUS`, `exit code 1`. */
  | { readonly kind: 'ended'; readonly how: string }
  /** There was no answer in time. */
  | { readonly kind: 'silent' };

export interface Judged {
  /**
   * Nothing that was asked for was hit; or it was said; or rows or commands were hidden, and the others true; or something untrue was served; or
   * the process ended; or it never answered.
   */
  readonly verdict: 'unharmed' | 'said' | 'hidden' | 'untrue' | 'ended' | 'silent';
  /** The questions that were answered untruly, or with rows missing, without a word. */
  readonly questions: readonly string[];
}

/** LMDB's own tree has no checksum: a damaged page of it may hide what it leads to, and no more is let pass. See docs/chaos.md. */
const mayHide = (question: string): boolean => /^(scan|page|row|command) /.test(question);

export function judge(whole: Answers, reply: Reply): Judged {
  if (reply.kind !== 'answered') return { verdict: reply.kind, questions: [] };
  const changed = Object.keys(whole).filter((question) => !isSame(whole[question]!, reply.answers[question]));
  const served = changed.filter((question) => Array.isArray(reply.answers[question]));
  const untrue = served.filter((question) => !mayHide(question) || !isPart(reply.answers[question], whole[question]));
  if (untrue.length > 0) return { verdict: 'untrue', questions: untrue };
  if (served.length > 0) return { verdict: 'hidden', questions: served };
  return { verdict: changed.length > 0 ? 'said' : 'unharmed', questions: [] };
}

const rowsOf = (answer: Answer | undefined): readonly string[] => (answer === undefined || 'said' in answer ? [] : answer);

const isSame = (one: Answer, other: Answer | undefined): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Whether rows are some of those that there are, each once and in the same order. */
function isPart(some: Answer | undefined, all: Answer | undefined): boolean {
  const rows = rowsOf(all);
  let next = 0;
  return rowsOf(some).every((row) => {
    next = rows.indexOf(row, next) + 1;
    return next > 0;
  });
}
