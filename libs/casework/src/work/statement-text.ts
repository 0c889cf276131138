import type { IsoTime } from '@ringside/core';

import type { StatementOfReasons } from './statement-of-reasons.js';

const months = 'January February March April May June July August September October November December'.split(' ');

/** A day for readers: `31 January 2026`. In UTC. */
export function dayOf(time: IsoTime): string {
  const date = new Date(time);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** A moment for readers: `31 January 2026, 12:00 UTC`. */
export const momentOf = (time: IsoTime): string => `${dayOf(time)}, ${time.slice(11, 16)} UTC`;

/** The statement as the player reads it: one section for each point of Article 17(3). */
export function statementText(statement: Omit<StatementOfReasons, 'text'>): string {
  const { decisionId, game, effectiveAt, ended, restrictions, facts, automatedMeans, ground, redress } = statement;
  const lapsed =
    ended === null
      ? []
      : [
          `It was taken back on ${momentOf(ended.at)}${ended.because === 'overturned' ? ' upon an appeal' : ''} and has no effect.`,
        ];
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['What we decided', [...restrictions.map(({ sentence }) => sentence), ...lapsed]],
    ['What happened', [facts.found, facts.circumstances]],
    ['Automated means', [automatedMeans.sentence]],
    [
      ground.kind === 'illegal' ? 'The law that was broken' : 'The rule that was broken',
      [`${ground.reference} (${ground.clause}).`, ground.explanation],
    ],
    ['What you can do', [redress.internal.sentence, redress.outOfCourt, redress.judicial]],
  ];
  const title = `Statement of reasons for decision ${decisionId} of ${dayOf(effectiveAt)} about your account in ${game}`;
  return [title, ...sections.map(([heading, lines]) => [heading, ...lines].join('\n'))].join('\n\n') + '\n';
}
