import { describe, expect, it } from '@jest/globals';

import { formOfBytes, formText } from './forms.js';
import { readableElsewhere } from './fuzz/openapi.js';
import { percentile } from './overload/load.js';

it('a report of exactly so many bytes is the same report', () => {
  const bytes = formOfBytes('c', 65_536);
  expect(bytes).toHaveLength(65_536);
  expect(JSON.parse(bytes.toString())).toEqual(JSON.parse(formText('c')));
});

describe('an OpenAPI document for other regular expressions', () => {
  it('has its patterns without surrogates, and all else as it is', () => {
    const document = {
      a: [{ pattern: '^[^\\u0000-\\u001f\\ud800-\\udfff]*$' }],
      pattern: { type: 'string' },
      b: '\\ud800-\\udfff',
    };
    expect(readableElsewhere(document)).toEqual({ ...document, a: [{ pattern: '^[^\\u0000-\\u001f]*$' }] });
  });
});

it('the percentile of some is one of them', () => {
  expect(percentile([3, 1, 2], 0.5)).toBe(2);
  expect(percentile([3, 1, 2], 1)).toBe(3);
  expect(percentile([], 0.99)).toBe(0);
});
