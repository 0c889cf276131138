import {
  counted,
  lifecycleOf,
  refuse,
  takeStep,
  whyNotWorked,
  withBasis,
  withoutCovered,
  type CaseStep,
  type CaseWork,
  type Command,
  type LifecycleCommand,
  type Refusal,
} from '@ringside/casework';
import { err, ok, type Decider, type Result } from '@ringside/core';
import type { Decision, Verdict } from '@ringside/events';

import { cheatingPolicy } from './cheating-policy.js';

// Stream: `case-<caseId>`, with the steps that every team's cases have. This team's own one is EvidenceAssembled.

export type CheatingStep = CaseStep;
export type AssembledEvidence = Extract<CaseStep, { readonly type: 'EvidenceAssembled' }>['data'];

/** This team's words for the verdicts. */
export const cheatingVerdicts = {
  uphold: 'confirmed',
  dismiss: 'unfounded',
  inconclusive: 'inconclusive',
} as const satisfies Record<Verdict, string>;

// Events and what they make of a case.

export interface CheatingCase extends CaseWork {
  /** What the next verdict may rest on: as it was assembled last. Null while nobody has. */
  readonly evidence: AssembledEvidence | null;
}

const lifecycle = lifecycleOf(cheatingPolicy);

// Fold.

const initialState: CheatingCase = { ...lifecycle.initialState, evidence: null };

const evolve = (state: CheatingCase, step: CheatingStep): CheatingCase => {
  const work = lifecycle.evolve(state, step);
  return {
    ...work,
    ...withBasis(work, step, (decision) => restsOn(state, decision)),
    evidence: step.type === 'EvidenceAssembled' ? step.data : state.evidence,
  };
};

/** Evidence of reports that the decision covers. */
function restsOn({ evidence }: CheatingCase, { reportIds }: Decision): string | undefined {
  const covered = new Set(reportIds);
  const itemsOf = (items: readonly { readonly reportId: string }[] = []): number =>
    items.filter(({ reportId }) => covered.has(reportId)).length;
  const [windows, replays] = [itemsOf(evidence?.telemetry), itemsOf(evidence?.replays)];
  const parts = [
    ...(windows === 0 ? [] : [counted(windows, 'window') + ' of telemetry']),
    ...(replays === 0 ? [] : [counted(replays, 'replay')]),
  ];
  return parts.length === 0 ? undefined : `We examined ${parts.join(' and ')}.`;
}

// Decide.

/** Puts together what a verdict may rest on, and none has to; given again with other contents, it replaces what was there. */
export interface AssembleEvidence extends Pick<AssembledEvidence, 'reportIds' | 'telemetry'> {
  readonly kind: 'assemble_evidence';
  /** Each by the report that it came with. */
  readonly replays: readonly { readonly reportId: string }[];
  /** The region that takes the command, and the reports whose replays it has. */
  readonly onFile: { readonly region: string; readonly replaysOf: readonly string[] };
}
export type CheatingCommand = Command<LifecycleCommand | AssembleEvidence>;
type Steps = Result<readonly CheatingStep[], Refusal>;

const decide = (state: CheatingCase, command: CheatingCommand): Steps =>
  command.kind === 'assemble_evidence' ? assembleEvidence(state, command) : lifecycle.decide(state, command);

function assembleEvidence(state: CheatingCase, command: Command<AssembleEvidence>): Steps {
  const whyNotNow = whyNotWorked(state, command);
  if (whyNotNow !== undefined) return err(whyNotNow);
  const { openReports } = withoutCovered(state, command.background);
  const open = new Set(openReports.map(({ reportId }) => reportId));
  const reportIds = new Set(command.reportIds);
  if (reportIds.size === 0) return refuse('invalid', 'Name the reports that the evidence is about.', '/reportIds');
  for (const [index, reportId] of command.reportIds.entries()) {
    if (!open.has(reportId)) {
      return refuse(
        'invalid',
        `Report ${reportId} is not among the open reports of this case that you saw. Read it again.`,
        `/reportIds/${index}`,
      );
    }
  }
  for (const field of ['telemetry', 'replays'] as const) {
    const stranger = command[field].findIndex(({ reportId }) => !reportIds.has(reportId));
    if (stranger >= 0) {
      return refuse('invalid', 'Name this report in reportIds as well.', `/${field}/${stranger}/reportId`);
    }
  }
  const absent = command.replays.findIndex(({ reportId }) => !command.onFile.replaysOf.includes(reportId));
  if (absent >= 0) {
    return refuse(
      'invalid',
      'This region has no replay of this report: it came without one, or another region keeps its evidence. Leave it out.',
      `/replays/${absent}/reportId`,
    );
  }
  const backwards = command.telemetry.findIndex(({ from, to }) => from >= to);
  if (backwards >= 0) return refuse('invalid', 'A window ends after it begins.', `/telemetry/${backwards}/to`);
  const heldIn = command.onFile.region;
  const evidence = inOrder({ ...command, replays: command.replays.map(({ reportId }) => ({ reportId, heldIn })) });
  if (state.evidence !== null && textOf(state.evidence) === textOf(evidence)) return ok([]);
  return ok([takeStep(command, 'EvidenceAssembled', evidence)]);
}

/** Each item once and in one order, so that the same evidence is recognised however it was listed. */
function inOrder({ reportIds, telemetry, replays }: AssembledEvidence): AssembledEvidence {
  return {
    reportIds: [...new Set(reportIds)].sort(),
    telemetry: once(telemetry.map(({ reportId, from, to, finding }) => ({ reportId, from, to, finding }))),
    replays: once(replays.map(({ reportId, heldIn }) => ({ reportId, heldIn }))),
  };
}

function once<Item>(items: readonly Item[]): Item[] {
  const byText = new Map(items.map((item) => [JSON.stringify(item), item]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

const textOf = (evidence: AssembledEvidence): string => JSON.stringify(inOrder(evidence));

export const cheatingCase: Decider<CheatingCase, CheatingCommand, CheatingStep, Refusal> = { initialState, decide, evolve };
