import * as z from 'zod';
import { freeText, opaqueId } from '../fields.js';
import { personal } from '../personal.js';
import { caseTextCharactersMax, policyClause } from './case-step.js';

export const verdicts = ['uphold', 'dismiss', 'inconclusive'] as const;
export type Verdict = (typeof verdicts)[number];

/** From the mildest to the gravest. */
export const sanctionKinds = ['warn', 'mute', 'suspend', 'ban'] as const;
export type SanctionKind = (typeof sanctionKinds)[number];

export const sanctionsPerDecisionMax = 8;
/** Ten years. A ban without a duration is permanent. */
export const sanctionHoursMax = 87_600;
/** One step of a case names at most so many reports; more are covered by further steps ({@link reportsCovered}). */
export const reportsPerStepMax = 1_000;

export const verdict = z.enum(verdicts);
export const sanctionKind = z.enum(sanctionKinds);
export const reportIds = z.array(opaqueId).max(reportsPerStepMax, `must name at most ${reportsPerStepMax} reports`);

export const sanction = z.strictObject({
  sanctionId: opaqueId,
  kind: sanctionKind,
  /** Absent for a warning, and for a ban that is permanent. */
  durationHours: z.int().min(1).max(sanctionHoursMax).exactOptional(),
});

/** What was decided, on which facts. */
export const decision = z.strictObject({
  decisionId: opaqueId,
  verdict,
  /** Always where it is upheld; otherwise the clause that was at issue, if any. */
  clause: policyClause.exactOptional(),
  facts: personal(freeText(caseTextCharactersMax)),
  sanctions: z.array(sanction).max(sanctionsPerDecisionMax, `must have at most ${sanctionsPerDecisionMax} sanctions`),
  /** The reports that the decider saw and that no decision covered, or the first {@link reportsPerStepMax} of them. */
  reportIds,
  /** Strikes of the player that counted when it was decided. */
  priorStrikes: z.int().min(0),
  /** Whether a machine decided: Article 17(3)(c) of the Digital Services Act. */
  automated: z.boolean(),
});
