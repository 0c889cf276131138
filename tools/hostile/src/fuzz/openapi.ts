/**
 * An OpenAPI document as Python's and Rust's regular expressions can read its patterns: without the surrogates, which neither of
 * them has as characters and no text in UTF-8 can contain.
 */
export function readableElsewhere(document: unknown): unknown {
  if (Array.isArray(document)) return document.map(readableElsewhere);
  if (typeof document !== 'object' || document === null) return document;
  return Object.fromEntries(
    Object.entries(document).map(([key, value]) => [
      key,
      key === 'pattern' && typeof value === 'string' ? withoutSurrogates(value) : readableElsewhere(value),
    ]),
  );
}

const withoutSurrogates = (pattern: string): string => pattern.replaceAll(/\\u[dD]800-\\u[dD][fF]{3}/g, '');
