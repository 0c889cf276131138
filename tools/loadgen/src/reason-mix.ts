import type { ReportReason } from '@ringside/events';

export const categories = ['abuse', 'cheating', 'other'] as const;
export type Category = (typeof categories)[number];

/** How often each category is reported, relative to the others. */
export type ReasonMix = Readonly<Record<Category, number>>;

/** What game publishers have told of their report dialogs: communication and abuse first, cheating and conduct close behind. */
export const publishedMix: ReasonMix = { abuse: 47, cheating: 41, other: 12 };

export interface WeightedReason {
  readonly reason: ReportReason;
  readonly weight: number;
}

/** How a category's reports are spread over its reasons: a guess, with the rare and urgent ones in it. */
export const reasonsByCategory: Readonly<Record<Category, readonly WeightedReason[]>> = {
  abuse: [
    { reason: 'harassment', weight: 34 },
    { reason: 'offensive_name', weight: 21 },
    { reason: 'spam', weight: 17 },
    { reason: 'hate_speech', weight: 15 },
    { reason: 'threat', weight: 7 },
    { reason: 'child_safety', weight: 4 },
    { reason: 'self_harm', weight: 2 },
  ],
  cheating: [
    { reason: 'aimbot', weight: 34 },
    { reason: 'wallhack', weight: 25 },
    { reason: 'macro', weight: 12 },
    { reason: 'boosting', weight: 12 },
    { reason: 'speedhack', weight: 10 },
    { reason: 'account_sharing', weight: 7 },
  ],
  other: [
    { reason: 'griefing', weight: 75 },
    { reason: 'other', weight: 25 },
  ],
};
