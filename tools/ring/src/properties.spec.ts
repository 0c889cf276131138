import { describe, expect, it } from '@jest/globals';
import { overrideProperties, parseProperties } from './properties.js';

describe('properties', () => {
  it('are read without comments, with whatever stands after the first =', () => {
    expect([...parseProperties('# a=1\n\nb=2\n c = x=y \nd=\n#e\n')]).toEqual([
      ['b', '2'],
      ['c', 'x=y'],
      ['d', ''],
    ]);
  });

  it('are overridden where they stand, and added below a base that does not end in a newline', () => {
    const base = '# about a\na=1\nab=2\n\n# c=9\nc=';
    expect(overrideProperties(base, new Map(Object.entries({ a: 'x', c: 'y', z: 'new' })))).toBe(
      '# about a\na=x\nab=2\n\n# c=9\nc=y\nz=new\n',
    );
  });

  it('keep what an override contains, character by character', () => {
    expect(overrideProperties('a=1\n', new Map([['a', '$& $1 \\n']]))).toBe('a=$& $1 \\n\n');
  });
});
