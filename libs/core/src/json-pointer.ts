/** The JSON Pointer (RFC 6901) of a place in a document; `''` is the whole document. */
export const jsonPointer = (path: readonly PropertyKey[]): string =>
  path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
