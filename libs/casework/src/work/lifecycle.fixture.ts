import { isoTime } from '@ringside/core';

import type { CaseBackground, CaseCommand, CommandContext, LifecycleCommand } from './case-command.js';
import type { CaseStep } from './case-step.js';
import type { CaseworkPolicy } from './casework-policy.js';
import { lifecycleOf } from './lifecycle.js';

export const policy: CaseworkPolicy = {
  team: 'cheating',
  leaseMinutes: 30,
  proposalHours: 72,
  strikeDays: 365,
  dueSoonHours: 4,
  clauses: {
    'fair-play/2.1': {
      title: 'using software that aims for the player',
      provision: 'Fair play rules, section 2.1',
      ground: 'DECISION_GROUND_INCOMPATIBLE_CONTENT',
      category: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
    },
  },
  otherClause: {
    title: 'conduct against the rules of the game',
    provision: 'Rules of the game',
    ground: 'DECISION_GROUND_INCOMPATIBLE_CONTENT',
    category: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
  },
  whyNotHeld: ({ openReports }) =>
    openReports.some(({ reason }) => reason === 'self_harm')
      ? 'A report of self-harm does not wait: decide the case.'
      : undefined,
  needsApproval: (sanctions) => sanctions.some(({ kind, durationHours }) => kind === 'ban' && durationHours === undefined),
  suggestedSanctions: () => [],
  sanctionKinds: ['warn', 'suspend', 'ban'],
};

export const lifecycle = lifecycleOf(policy);

const noon = Date.UTC(2026, 0, 31, 12);
/** So many minutes after noon of the 31st of January 2026. */
export const at = (minutes: number): string => isoTime(noon + minutes * 60_000);
export const hours = (count: number): number => count * 60;

export const people = {
  ada: { sub: 'ada', roles: ['case_worker'] },
  ben: { sub: 'ben', roles: ['case_worker'] },
  ann: { sub: 'ann', roles: ['approver'] },
  lea: { sub: 'lea', roles: ['lead'] },
  rex: { sub: 'rex', roles: ['read_only'] },
  system: { sub: 'system', roles: [] },
} as const;

export const report = (reportId: string, reason = 'aimbot', filedAt = at(-60)) => ({ reportId, reason, filedAt });
export const background = (given: Partial<CaseBackground> = {}): CaseBackground => ({
  openReports: [report('r1'), report('r2')],
  priorStrikes: 0,
  ...given,
});

/** A command by somebody at a minute, on a case with two open reports. */
export function by(
  person: keyof typeof people,
  minute: number,
  command: LifecycleCommand,
  context: Partial<CommandContext> = {},
): CaseCommand {
  const { sub, roles } = people[person];
  const common = { caseId: 'case', subjectId: 'player', at: at(minute), by: { sub, roles }, background: background() };
  return { ...common, ...context, ...command } as CaseCommand;
}

/** The steps of commands that all have to be taken. */
export function stepsOf(...commands: readonly CaseCommand[]): readonly CaseStep[] {
  const steps: CaseStep[] = [];
  let work = lifecycle.initialState;
  for (const command of commands) {
    const result = lifecycle.decide(work, command);
    if (!result.ok) throw new Error(`${command.kind} was refused: ${result.error.detail}`);
    work = result.value.reduce(lifecycle.evolve, work);
    steps.push(...result.value);
  }
  return steps;
}

export const facts = 'Three kills through walls within a second, in two matches.';

export const uphold = (...sanctions: Extract<LifecycleCommand, { kind: 'decide' }>['sanctions']): LifecycleCommand => ({
  kind: 'decide',
  verdict: 'uphold',
  clause: 'fair-play/2.1',
  facts,
  sanctions,
});
export const suspension = { kind: 'suspend', durationHours: 72 } as const;
export const permanentBan = { kind: 'ban' } as const;

export const appeal = (appealId: string, decisionId: string, minute: number): LifecycleCommand => ({
  kind: 'open_appeal',
  appealId,
  decisionId,
  playerId: 'player',
  filedAt: at(minute),
  statementHeldIn: 'eu',
});
