import type { LifecycleCommand } from '@ringside/casework';
import {
  caseTimes,
  commandsOn,
  earlierDecision,
  earlierHistories,
  earlierStep as step,
  lifecycleCommands,
  reportedFor,
} from '@ringside/testing';

import type { AssembledEvidence, AssembleEvidence, CheatingCommand, CheatingStep } from './cheating-case.js';

const { earlier, ranOut, runsOn } = caseTimes;

export const background = reportedFor('aimbot');
export const command = commandsOn<LifecycleCommand | AssembleEvidence>(background);

export const evidence: AssembledEvidence = {
  reportIds: ['r1'],
  telemetry: [{ reportId: 'r1', from: earlier, to: ranOut, finding: 'Turned by 170 degrees in 8 ms, twelve times.' }],
  replays: [{ reportId: 'r1', heldIn: 'eu' }],
};
/** What the region has where the command is given. */
export const onFile = { region: 'eu', replaysOf: ['r1', 'r2'] } as const;
const [clause, facts] = ['fair-play/2.1', 'The aim snaps to heads behind walls.'];
const decision = earlierDecision({ verdict: 'uphold', clause, facts, sanctions: [{ sanctionId: 'd1.1', kind: 'ban' }] });

const histories = earlierHistories(decision, [step('EvidenceAssembled', { ...evidence, reportIds: ['r0'] })]);
const assembled = [...histories.mine, step('EvidenceAssembled', evidence)];

/** Histories that lead to the states of the table. */
export const states: Readonly<Record<string, readonly CheatingStep[]>> = {
  ...histories,
  assembled,
  held: [...assembled, step('CaseHeld', { reason: 'Waits for telemetry.' })],
  proposed: [...assembled, step('DecisionProposed', { decision, expiresAt: runsOn })],
  expired: [...assembled, step('DecisionProposed', { decision, expiresAt: ranOut })],
};

/** Each command as whoever may give it gives it. */
export const commands: Readonly<Record<string, CheatingCommand>> = {
  ...lifecycleCommands(command),
  assemble_evidence: command({ kind: 'assemble_evidence', ...evidence, replays: [], onFile }),
  uphold: command({
    ...{ kind: 'decide', verdict: 'uphold', clause, facts },
    sanctions: [{ kind: 'suspend', durationHours: 720 }],
  }),
  propose: command({ kind: 'decide', verdict: 'uphold', clause, facts, sanctions: [{ kind: 'ban' }] }),
};
