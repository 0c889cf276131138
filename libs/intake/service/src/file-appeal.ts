import { setTimeout as pause } from 'node:timers/promises';
import { caseOfDecision, isSuperseded } from '@ringside/casework';
import { err, isoTime, ok, uuidv7, type Result } from '@ringside/core';
import { servingOf, servingRow } from '@ringside/data-ring';
import {
  appealEvent,
  caseStandingRow,
  decisionRow,
  fingerprintOf,
  knownDecisionIn,
  readAppealForm,
  whyNotAppealable,
  type AppealForm,
  type AppealRefusal,
  type CaseStanding,
  type DecisionOnRecord,
  type KnownDecision,
} from '@ringside/intake-domain';
import { forbiddenKeysIn, ProblemException, problems } from '@ringside/platform';
import type { Views } from '@ringside/team-kit';
import type { FormReceived, Intake } from './file-report.js';
import { rowOfKey, type KeyOfSender } from './idempotency-keys.js';
import { intakeProblems } from './problems.js';

/** Which appeal was filed against a decision: one, for good. Written by lightweight transactions alone. */
export const appealClaimTable = 'appeal_claims';

export interface AppealReceipt {
  readonly appealId: string;
}

interface Claim extends AppealReceipt {
  readonly filedAt: string;
  readonly fingerprint: string;
}

/**
 * Records a player's objection to a decision. Resolves once the event log has it on disk. The same words against the same decision
 * are the same appeal, with or without an `Idempotency-Key`. Whether it is taken up is for the team whose decision it is.
 */
export async function fileAppeal(
  intake: Intake,
  views: Views,
  received: FormReceived,
): Promise<Result<AppealReceipt, ProblemException>> {
  const read = readForm(received);
  if (!read.ok) return read;
  const form = read.value;
  const fingerprint = fingerprintOf(form);
  const { idempotencyKey, caller } = received;
  if (idempotencyKey !== undefined && !(await isOwnKey(intake, { idempotencyKey, caller }, fingerprint))) {
    return err(new ProblemException(intakeProblems.idempotencyKeyReused, 'Use a key of its own for every appeal.'));
  }
  const claimed = await claimOn(intake, views, form, fingerprint);
  if (!claimed.ok) return claimed;
  const { appealId, filedAt } = claimed.value;
  const { placement, source, eventLog } = intake;
  // One that was filed before is appended again: whether the first attempt was stored is unknown, and a copy is dropped by its id.
  await eventLog.append([placement.recordOf(appealEvent(form, { appealId, filedAt, region: placement.region, source }))]);
  return ok({ appealId });
}

function readForm({ body, faults = [] }: FormReceived): Result<AppealForm, ProblemException> {
  const read = readAppealForm(body);
  const errors = [...faults, ...forbiddenKeysIn(body), ...(read.ok ? [] : read.error)];
  if (read.ok && errors.length === 0) return read;
  return err(
    new ProblemException(problems.invalidRequest, 'Mend the fields listed under errors, then send it again.', { errors }),
  );
}

/**
 * Whether the key is new to its caller, or was used for this very form. Keys that were used before they were their callers' own are not
 * asked for: an appeal is told by its decision and its words, so that none is ever filed twice.
 */
async function isOwnKey({ viewStore }: Intake, key: KeyOfSender, fingerprint: string): Promise<boolean> {
  const claim = await viewStore.insertOnce({ ...rowOfKey('appeal', key), value: { fingerprint } });
  return claim.outcome === 'inserted' || claim.value['fingerprint'] === fingerprint;
}

/** The filing of this appeal: the earlier one where it was filed before. */
async function claimOn(
  intake: Intake,
  views: Views,
  form: AppealForm,
  fingerprint: string,
): Promise<Result<Claim, ProblemException>> {
  const { viewStore, clock } = intake;
  const now = clock();
  const { decision, term = 0, lostIn } = (await decisionOf(views, form.decisionId)) ?? {};
  // One that no step stands for any more, for a later term did not know of it, is not in the way of another.
  const key = lostIn === undefined ? 'appeal' : `appeal@${lostIn}`;
  const row = { table: appealClaimTable, partition: form.decisionId, key };
  const earlier = (await viewStore.get(row))?.value as unknown as Claim | undefined;
  if (earlier?.fingerprint === fingerprint) return ok(earlier);
  const refusal = whyNotAppealable(decision, form, isoTime(now));
  if (refusal !== undefined) return err(problemOf(refusal));
  // Those who have to decide it would never hear of one that is filed here.
  const { servedBy, term: known } = servingOf(decision!.homeRegion, await views.get(servingRow(decision!.homeRegion)));
  if (known < term) return err(servedByOthers());
  if (servedBy !== intake.placement.region) return err(elsewhere(servedBy));
  if (earlier !== undefined) return err(problemOf('already_open'));
  const claim: Claim = { appealId: uuidv7(now), filedAt: isoTime(now), fingerprint };
  const outcome = await viewStore.insertOnce({ ...row, value: { ...claim } });
  if (outcome.outcome === 'inserted') return ok(claim);
  const faster = outcome.value as unknown as Claim;
  return faster.fingerprint === fingerprint ? ok(faster) : err(problemOf('already_open'));
}

interface DecisionFound {
  readonly decision: KnownDecision;
  /** The highest that steps of its case are known of. */
  readonly term: number;
  /** The term in which an appeal against it was superseded; absent where none was. */
  readonly lostIn?: number;
}

/** A decision that was made this moment may not be in the view yet. */
const waitMsMax = 500;

async function decisionOf(views: Views, decisionId: string): Promise<DecisionFound | undefined> {
  const caseId = caseOfDecision(decisionId);
  if (caseId === undefined) return undefined;
  const deadline = performance.now() + waitMsMax;
  for (;;) {
    const [standing, onRecord] = await views.getMany([caseStandingRow(caseId), decisionRow(caseId, decisionId)]);
    if (onRecord !== undefined) {
      const { terms } = (standing?.value ?? {}) as Partial<CaseStanding>;
      const said = onRecord.value as unknown as DecisionOnRecord;
      const isLost = said.steps.some(({ appeal, caseVersion }) => appeal !== 'none' && isSuperseded(caseVersion, terms));
      const term = Math.max(0, ...Object.keys(terms ?? {}).map(Number));
      return { decision: knownDecisionIn(said, terms), term, ...(isLost && { lostIn: term }) };
    }
    if (performance.now() >= deadline) return undefined;
    await pause(25);
  }
}

const elsewhere = (homeRegion: string): ProblemException =>
  new ProblemException(problems.misdirected, `The case is worked in another region, ${homeRegion}: send the appeal there.`, {
    extensions: { homeRegion },
  });

/** A step of a later term has come, and the promotion that began it has not. */
const servedByOthers = (): ProblemException =>
  new ProblemException(
    problems.unavailable,
    'Another region has gone on with the case, and this one has yet to hear which: send the appeal again.',
    { headers: { 'retry-after': '5' } },
  );

function problemOf(refusal: AppealRefusal): ProblemException {
  switch (refusal) {
    case 'unknown':
      return new ProblemException(problems.notFound, 'There is no decision with this id about this player.');
    case 'already_open':
      return new ProblemException(intakeProblems.appealOpen, 'Wait for the answer to the appeal that was filed already.');
    case 'already_decided':
      return new ProblemException(
        intakeProblems.notAppealable,
        'An appeal against this decision was decided, and that is final.',
      );
    case 'not_in_effect':
      return new ProblemException(
        intakeProblems.notAppealable,
        'The decision has no effect, so that there is nothing to appeal.',
      );
    case 'too_late':
      return new ProblemException(intakeProblems.notAppealable, 'The decision is older than six months.');
  }
}
