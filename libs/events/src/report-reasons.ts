/** Teams that own reasons. What no team owns is for others-triage. */
export type ReasonTeam = 'cheating' | 'abuse';

const reasons = [
  { reason: 'aimbot', label: 'Aimbot or aim assistance', teams: ['cheating'], needsDescription: false },
  { reason: 'wallhack', label: 'Seeing through walls', teams: ['cheating'], needsDescription: false },
  { reason: 'speedhack', label: 'Moving faster than possible', teams: ['cheating'], needsDescription: false },
  { reason: 'macro', label: 'Macros or scripted input', teams: ['cheating'], needsDescription: false },
  { reason: 'boosting', label: 'Boosting or rank manipulation', teams: ['cheating'], needsDescription: false },
  { reason: 'account_sharing', label: 'Account sharing', teams: ['cheating'], needsDescription: false },
  { reason: 'harassment', label: 'Harassment or bullying', teams: ['abuse'], needsDescription: false },
  { reason: 'hate_speech', label: 'Hate speech', teams: ['abuse'], needsDescription: false },
  { reason: 'threat', label: 'Threats of violence', teams: ['abuse'], needsDescription: false },
  // Spam accounts are mostly bots: the cheating team keeps a case of its own.
  { reason: 'spam', label: 'Spam or advertising', teams: ['abuse', 'cheating'], needsDescription: false },
  { reason: 'offensive_name', label: 'Offensive name', teams: ['abuse'], needsDescription: false },
  { reason: 'self_harm', label: 'Self-harm or suicide', teams: ['abuse'], needsDescription: false },
  { reason: 'child_safety', label: 'Child safety', teams: ['abuse'], needsDescription: false },
  { reason: 'griefing', label: 'Griefing or sabotaging the team', teams: [], needsDescription: false },
  { reason: 'other', label: 'Something else', teams: [], needsDescription: true },
] as const;

/** A reason that this version of the contract knows. In events a reason may be any word: see {@link reasonWord}. */
export type ReportReason = (typeof reasons)[number]['reason'];

export interface ReasonOption {
  readonly reason: ReportReason;
  /** What the report dialog shows. */
  readonly label: string;
  /** The teams that capture it; none where nobody owns it. */
  readonly teams: readonly ReasonTeam[];
  /** Whether the report dialog asks for a description. */
  readonly needsDescription: boolean;
}

/** The options of the report dialog, in its order. */
export const reportReasons: readonly ReasonOption[] = reasons;

// A map, for a reason comes from outside and an object would know `constructor`.
const byReason: ReadonlyMap<string, ReasonOption> = new Map(reportReasons.map((option) => [option.reason, option]));

export const isReportReason = (reason: string): reason is ReportReason => byReason.has(reason);

/** The reasons that a team captures, in the dialog's order. */
export const reasonsOf = (team: ReasonTeam): readonly ReportReason[] =>
  reportReasons.filter(({ teams }) => teams.includes(team)).map(({ reason }) => reason);

/** Whether any team captures the reason. Those that nobody owns, and those that nobody knows, are for others-triage. */
export const isOwned = (reason: string): boolean => (byReason.get(reason)?.teams.length ?? 0) > 0;
