import { isoTime } from '@ringside/core';
import type { Random } from '@ringside/random';

import type { Category } from './reason-mix.js';
import type { ChatLine, ReportForm } from './report-form.js';

export interface Incident {
  readonly category: Category;
  readonly reporterId: string;
  readonly subjectId: string;
  readonly matchId: string;
  /** In ms since the epoch. */
  readonly occurredAt: number;
}

const saidBySubject = [
  'uninstall the game, nobody wants you here',
  'i know where you live',
  'worst healer i have ever seen lol',
  'gg ez 🤡',
  'espèce de noob, dégage',
  'cheap gold at g0ld-4-you dot example, 10% off today',
  'free skins, add me and click the link in my profile',
  'なんで撃たないの？もうやめろ',
  "you're the reason we lose every single round",
];
const saidByReporter = ['please stop', 'reported', 'can we just play?', 'why are you like this', 'mods are going to see this'];

const descriptions: Readonly<Record<Category, readonly string[]>> = {
  abuse: [
    'Has been insulting the whole team since the first round.',
    'Keeps whispering me after the match.\nI blocked them twice.',
  ],
  cheating: [
    'Snaps to heads through smoke, every time. Watch the second half.',
    'Knew where we were all match long, pre-fired every corner.',
    'Level 3 account, 41 kills, moves faster than anybody can.',
  ],
  other: [
    'Blocks the spawn door so that nobody can get out.',
    'Threw the match on purpose and said so.',
    'Their banner flashes so fast that it hurts my eyes.',
    'Keeps quitting at the loading screen, third time today.',
  ],
};

/** What the reporter wrote and attached; nothing for many. `description` is there where the dialog asks for it. */
export function evidenceFor(
  random: Random,
  incident: Incident,
  needsDescription: boolean,
): Pick<ReportForm, 'description' | 'evidence'> {
  const evidence = random.chance(0.6) ? attachments(random, incident) : {};
  return {
    ...((needsDescription || random.chance(0.25)) && { description: random.pick(descriptions[incident.category]) }),
    ...(Object.keys(evidence).length > 0 && { evidence }),
  };
}

function attachments(random: Random, incident: Incident): NonNullable<ReportForm['evidence']> {
  const chat = incident.category === 'abuse' ? 0.9 : 0.1;
  const recording = incident.category === 'cheating' ? 0.5 : 0.15;
  const telemetry = incident.category === 'cheating' ? 0.3 : 0;
  return {
    ...(random.chance(chat) && { chat: conversation(random, incident) }),
    ...(random.chance(recording) && {
      replayUrl: `https://replays.example.com/${incident.matchId}?t=${random.between(0, 3_000)}`,
    }),
    ...(random.chance(0.7) && { clientBuild: `4.${random.between(0, 9)}.${random.between(100, 999)}` }),
    ...(random.chance(telemetry) && { telemetry: anomaly(random) }),
  };
}

function conversation(random: Random, { subjectId, reporterId, occurredAt }: Incident): readonly ChatLine[] {
  const lines = random.between(1, 8);
  return Array.from({ length: lines }, (_, line) => {
    const bySubject = line === 0 || random.chance(0.6);
    return {
      at: isoTime(occurredAt - (lines - line) * 4_000),
      playerId: bySubject ? subjectId : reporterId,
      text: random.pick(bySubject ? saidBySubject : saidByReporter),
    };
  });
}

const anomaly = (random: Random): Readonly<Record<string, number | string>> => ({
  window: 'last-round',
  headshotRatio: random.between(300, 990) / 1_000,
  reactionMsMedian: random.between(60, 240),
  shotsFired: random.between(20, 400),
});
