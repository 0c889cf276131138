import { onRing } from '../ring-servers.js';
import type { BenchRow } from '../row.js';
import { figuresOf, fileAndLook, howOf, nothingToMeasure } from './latency.js';

export const ringLatency: BenchRow = {
  name: 'ring-latency',
  title: 'intake and the teams on real servers, 200 reports a second',
  run: (context) =>
    onRing(context.ring, async (ring) => {
      const seconds = context.quick ? 8 : 20;
      const result = await fileAndLook(context, { perSecond: 200, seconds, sampleEvery: 10, ring });
      if (result === undefined) return nothingToMeasure;
      return { kind: 'figures', how: `${howOf(result)}. A look is a read of one row in CQL`, figures: figuresOf(result) };
    }),
};
