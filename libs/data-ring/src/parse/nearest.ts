/** Longer words are not compared: a name has at most 64 characters, and what is longer is not a slip of the finger. */
const comparedCharactersMax = 64;

/** The name that was probably meant: the one that the fewest slips turn into the word, if those are few. */
export function nearest(word: string, names: Iterable<string>): string | undefined {
  if (word.length > comparedCharactersMax) return undefined;
  let best: { readonly name: string; readonly slips: number } | undefined;
  for (const name of names) {
    if (name.length > comparedCharactersMax) continue;
    const slips = slipsBetween(word.toLowerCase(), name.toLowerCase());
    if (slips <= slipsMax(name) && slips < (best?.slips ?? Infinity)) best = { name, slips };
  }
  return best?.name;
}

/** ` Did you mean "zones"?`, or a list of what there is, or nothing where there is nothing. */
export function hint(word: string, names: readonly string[]): string {
  const meant = nearest(word, names);
  if (meant !== undefined) return ` Did you mean "${meant}"?`;
  return names.length === 0 ? '' : ` There are: ${names.join(', ')}.`;
}

const slipsMax = ({ length }: string): number => Math.max(1, Math.floor(length / 3));

/** Letters put in, left out, changed, or swapped with their neighbour (optimal string alignment). */
function slipsBetween(a: string, b: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const next = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = last[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      let slips = Math.min(change, last[column]! + 1, next[column - 1]! + 1);
      const isSwapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isSwapped) slips = Math.min(slips, beforeLast[column - 2]! + 1);
      next.push(slips);
    }
    beforeLast = last;
    last = next;
  }
  return last[b.length]!;
}
