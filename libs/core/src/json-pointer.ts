/** Of a pointer that is shown to somebody; a client may send keys of any length, and get one back for each of its faults. */
export const pointerCharactersMax = 256;

/**
 * The JSON Pointer (RFC 6901) of a place in a document; `''` is the whole document. It is for people to read: what is longer than
 * {@link pointerCharactersMax} is cut, and ends in `…`.
 */
export function jsonPointer(path: readonly PropertyKey[]): string {
  let pointer = '';
  for (const key of path) {
    // Cut first: of a key of 60,000 characters nothing that long is made.
    const start = String(key).slice(0, pointerCharactersMax + 1);
    pointer += `/${start.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (pointer.length > pointerCharactersMax) return `${pointer.slice(0, pointerCharactersMax)}…`;
  }
  return pointer;
}
