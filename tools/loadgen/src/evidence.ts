import { isoTime } from '@ringside/core';
import type { Category } from './reason-mix.js';
import { between, chance, pick, type Random } from './random.js';
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
  const evidence = chance(random, 0.6) ? attachments(random, incident) : {};
  return {
    ...((needsDescription || chance(random, 0.25)) && { description: pick(random, descriptions[incident.category]) }),
    ...(Object.keys(evidence).length > 0 && { evidence }),
  };
}

function attachments(random: Random, incident: Incident): NonNullable<ReportForm['evidence']> {
  const chat = incident.category === 'abuse' ? 0.9 : 0.1;
  const recording = incident.category === 'cheating' ? 0.5 : 0.15;
  const telemetry = incident.category === 'cheating' ? 0.3 : 0;
  return {
    ...(chance(random, chat) && { chat: conversation(random, incident) }),
    ...(chance(random, recording) && {
      replayUrl: `https://replays.example.com/${incident.matchId}?t=${between(random, 0, 3_000)}`,
    }),
    ...(chance(random, 0.7) && { clientBuild: `4.${between(random, 0, 9)}.${between(random, 100, 999)}` }),
    ...(chance(random, telemetry) && { telemetry: anomaly(random) }),
  };
}

function conversation(random: Random, { subjectId, reporterId, occurredAt }: Incident): readonly ChatLine[] {
  const lines = between(random, 1, 8);
  return Array.from({ length: lines }, (_, line) => {
    const bySubject = line === 0 || chance(random, 0.6);
    return {
      at: isoTime(occurredAt - (lines - line) * 4_000),
      playerId: bySubject ? subjectId : reporterId,
      text: pick(random, bySubject ? saidBySubject : saidByReporter),
    };
  });
}

const anomaly = (random: Random): Readonly<Record<string, number | string>> => ({
  window: 'last-round',
  headshotRatio: between(random, 300, 990) / 1_000,
  reactionMsMedian: between(random, 60, 240),
  shotsFired: between(random, 20, 400),
});
