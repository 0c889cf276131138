import { onRing } from '../ring-servers.js';
import type { BenchRow, Figure } from '../row.js';
import { figuresOf, fileAndLook, howOf, nothingToMeasure } from './latency.js';

/** One that leaves the machine idle in between, and one at which two cores are nearly all taken. */
const ratesPerSecond = [50, 200];

export const ringLatency: BenchRow = {
  name: 'ring-latency',
  title: `intake and the teams on real servers, ${ratesPerSecond.join(' and ')} reports a second`,
  run: (context) =>
    onRing(context.ring, async (ring) => {
      const figures: Figure[] = [];
      let how = '';
      for (const perSecond of ratesPerSecond) {
        const load = { perSecond, seconds: context.quick ? 8 : 20, sampleEvery: Math.ceil(perSecond / 20), ring };
        const result = await fileAndLook(context, load);
        if (result === undefined) return nothingToMeasure;
        const ofRate = figuresOf(result).map((figure) => ({ ...figure, name: `${figure.name}, at ${perSecond}/s` }));
        context.say(ofRate.map(({ name, value, unit }) => `${name}: ${value.toFixed(0)} ${unit}`).join('; '));
        figures.push(...ofRate);
        how = howOf(result);
      }
      return { kind: 'figures', how: `${how} at the last rate. A look is a read of one row in CQL`, figures };
    }),
};
