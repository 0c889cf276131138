import { join } from 'node:path';

import { askForAll, harmCopy, harms, judge, writeWhole, type Judged } from '../damage/damage.js';
import type { Scenario } from '../scenario.js';

const rounds = 60;
const [trialsOfLongRun, trialsOfShortRun] = [400, 24];
const shownMax = 5;

export const damage: Scenario = {
  name: 'damage',
  promise: 'A file that a disk has damaged is found and said; what is wrong is not served as truth.',
  how: 'Bits are turned over in the files of log and store, sectors emptied, ends cut off; then all is asked for by key and by list.',
  inShort: true,
  async run({ directory, random, short, say }) {
    const [whole, copy] = [join(directory, 'whole'), join(directory, 'harmed')];
    await writeWhole(whole, rounds);
    const truth = await askForAll(whole, rounds);
    if (typeof truth === 'string') throw new Error(`What is whole cannot be read: ${truth}`);
    const trials = short ? trialsOfShortRun : trialsOfLongRun;
    const count: Record<Judged['verdict'], number> = { unharmed: 0, said: 0, ended: 0, served: 0 };
    const served: string[] = [];
    for (let trial = 0; trial < trials; trial++) {
      const harm = harms[trial % harms.length]!;
      const done = harmCopy(whole, copy, harm, random);
      const judged = judge(truth, await askForAll(copy, rounds));
      count[judged.verdict]++;
      // LMDB has no checksum for its own tree: a page that is emptied may hide rows from a list. See docs/chaos.md.
      if (judged.verdict === 'served' && !judged.served.every(isList))
        served.push(`${done}: ${judged.served.slice(0, 3).join(', ')}`);
      if ((trial + 1) % 100 === 0) say(`${trial + 1} of ${trials} trials`);
    }
    const { unharmed, said, ended, served: hidden } = count;
    return {
      figures: {
        trials,
        'hit nothing': unharmed,
        said,
        'ended the process': ended,
        'rows hidden from a list': hidden - served.length,
        'wrong values served': served.length,
      },
      faults: served.slice(0, shownMax).map((what) => `served as truth after ${what}`),
    };
  },
};

const isList = (question: string): boolean => /^(scan|page) /.test(question);
