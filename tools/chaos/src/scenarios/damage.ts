import { join } from 'node:path';

import { answerMsMax, askForAll, harmCopy, harms, writeWhole } from '../damage/damage.js';
import { judge, type Judged } from '../damage/judge.js';
import type { Scenario } from '../scenario.js';

const rounds = 60;
const [trialsOfLongRun, trialsOfShortRun] = [400, 24];
const shownMax = 5;

export const damage: Scenario = {
  name: 'damage',
  promise: 'A file that a disk has damaged is found and said; what is wrong is not served as truth.',
  how: 'Bits are turned over in the files of log and store, sectors emptied, ends cut off; then all is asked for by key and by list.',
  inShort: false,
  async run({ directory, random, short, say }) {
    const [whole, copy] = [join(directory, 'whole'), join(directory, 'harmed')];
    await writeWhole(whole, rounds);
    const truth = await askForAll(whole, rounds);
    if (truth.kind !== 'answered') throw new Error(`What is whole cannot be read: ${JSON.stringify(truth)}`);
    const refused = Object.keys(truth.answers).filter((question) => !Array.isArray(truth.answers[question]));
    if (refused.length > 0) throw new Error(`What is whole does not answer ${refused.slice(0, 3).join(', ')}.`);
    const trials = short ? trialsOfShortRun : trialsOfLongRun;
    const count: Record<Judged['verdict'], number> = { unharmed: 0, said: 0, hidden: 0, untrue: 0, ended: 0, silent: 0 };
    const faults: string[] = [];
    let commandsHidden = 0;
    for (let trial = 0; trial < trials; trial++) {
      const done = harmCopy(whole, copy, harms[trial % harms.length]!, random);
      const { verdict, questions } = judge(truth.answers, await askForAll(copy, rounds));
      count[verdict]++;
      if (verdict === 'untrue') faults.push(`served as truth after ${done}: ${questions.slice(0, 3).join(', ')}`);
      if (verdict === 'silent') faults.push(`no answer within ${answerMsMax / 1_000} s after ${done}`);
      if (verdict === 'hidden') {
        say(`hidden after ${done}: ${questions.slice(0, 3).join(', ')}`);
        if (questions.some((question) => question.startsWith('command '))) commandsHidden++;
      }
      if ((trial + 1) % 100 === 0) say(`${trial + 1} of ${trials} trials`);
    }
    if (count.unharmed === trials) faults.push('nothing that was asked for was ever hit, so nothing was shown');
    return {
      figures: {
        trials,
        'hit nothing': count.unharmed,
        said: count.said,
        'ended the process': count.ended,
        'rows hidden': count.hidden - commandsHidden,
        'commands hidden': commandsHidden,
        'wrong values served': count.untrue,
        'no answer': count.silent,
      },
      faults: faults.slice(0, shownMax),
    };
  },
};
