import { lookAt } from './look.js';
import type { Acknowledged } from './account.js';

/** What it is sent, and what it answers with: a process of its own, as what is found may be what ends it. */
export interface Question {
  readonly directory: string;
  readonly acknowledged: readonly Acknowledged[];
}

process.on('message', (question: Question) => {
  void lookAt(question.directory, question.acknowledged).then((faults) => process.send!(faults));
});
process.on('disconnect', () => process.exit(0));
