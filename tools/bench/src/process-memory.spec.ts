import { describe, expect, it } from '@jest/globals';

import { heapIn, ownMemory } from './process-memory.js';

describe('the memory of a process', () => {
  it('has the heap that the metrics of its service say', () => {
    const metrics =
      '# TYPE nodejs_heap_size_used_bytes gauge\nnodejs_heap_size_used_bytes 4.2e+7\nnodejs_heap_size_total_bytes 9\n';
    expect(heapIn(metrics)).toBe(42_000_000);
    expect(heapIn('nodejs_heap_size_used_bytes{service="x"} 7\n')).toBe(7);
    expect(() => heapIn('up 1\n')).toThrow('heap');
  });

  it('is found for this process on this machine', () => {
    const { heap, anonymous, mapped } = ownMemory();
    expect(anonymous).toBeGreaterThan(heap / 2);
    expect(mapped).toBeGreaterThan(1e6);
  });
});
