import { stepsPerTerm, termsMax } from '@ringside/events';

/**
 * A step's version says in which term it was taken, and how far the case had come: the term in the upper bits, as in a ZooKeeper
 * transaction id. Versions of term 0, before any other region was promoted, are the counts alone. With a term up to
 * {@link termsMax} they have 32 bits, so that the version of a case, with its revision, has 52: an integer that JavaScript counts
 * exactly.
 */
export const versionIn = (term: number, counter: number): number => term * stepsPerTerm + counter;
export const termOf = (version: number): number => Math.floor(version / stepsPerTerm);
export const counterOf = (version: number): number => version % stepsPerTerm;

/** The first version of a term that goes on from a step: its count goes on as well. Throws `RangeError` beyond the last term. */
export function firstVersionOf(term: number, basedOn: number): number {
  if (term < 1 || term > termsMax) throw new RangeError(`There is no term ${term}: they go from 1 to ${termsMax}.`);
  if (termOf(basedOn) >= term) throw new RangeError(`Term ${term} cannot go on from step ${basedOn}, which is not before it.`);
  return versionIn(term, counterOf(basedOn) + 1);
}

/** What each known term of a case goes on from: the version of a step, 0 for none. Without any, all of its steps are of term 0. */
export type Terms = Readonly<Record<string, number>>;

/**
 * Whether a step has no effect, by the terms that are known of its case. The history of a case leads back from the highest term: its
 * steps, then those of the term that it goes on from, up to the step that it does so from, and so on to the first step. A step beside
 * that path was taken by a region that did not know of a later term, or it was not known to the one that began it.
 */
export function isSuperseded(version: number, terms: Terms | undefined): boolean {
  if (terms === undefined) return false;
  const ofStep = termOf(version);
  let last = Infinity;
  for (let term = highestOf(terms); ofStep <= term; term = termOf(last)) {
    if (ofStep === term) return version > last;
    const basedOn = terms[term];
    // Nothing has come of a term yet that the path leads through: what it goes on from is not known to be later than its steps.
    if (basedOn === undefined) return counterOf(version) >= counterOf(last);
    last = basedOn;
    if (termOf(last) < ofStep) return true;
  }
  return false;
}

/** Keys that are integers come in their order. */
const highestOf = (terms: Terms): number => Number(Object.keys(terms).at(-1) ?? 0);

/** The terms with what a step says of its own; the same object where that is known. */
export function withTerm(terms: Terms | undefined, version: number, basedOn: number | undefined): Terms | undefined {
  if (basedOn === undefined) return terms;
  const term = String(termOf(version));
  const known = terms?.[term];
  return known !== undefined && known <= basedOn ? terms : { ...terms, [term]: basedOn };
}
