import { describe, expect, it } from '@jest/globals';

import { residentIn, residentMemory } from './resident-memory.js';

describe('the memory of a process', () => {
  it('is told apart as what no file is behind, and pages of files', () => {
    const status = 'Name:\tnode\nVmRSS:\t  120 kB\nRssAnon:\t      70 kB\nRssFile:\t      40 kB\nRssShmem:\t      10 kB\n';
    expect(residentIn(status)).toEqual({ anonymous: 70 * 1_024, mapped: 50 * 1_024 });
    expect(() => residentIn('Name:\tnode\n')).toThrow('RssAnon');
  });

  it('is found for this process on this machine', () => {
    const { anonymous, mapped } = residentMemory(process.pid);
    expect(anonymous).toBeGreaterThan(process.memoryUsage().heapUsed / 2);
    expect(mapped).toBeGreaterThan(1e6);
  });

  it('is nobody’s where there is no such process', () => {
    expect(() => residentMemory(2 ** 22 + 1)).toThrow('ENOENT');
  });
});
