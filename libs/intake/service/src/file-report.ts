import { err, isoTime, ok, uuidv7, type Clock, type Result } from '@ringside/core';
import type { Placement } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';
import { fingerprintOf, isAboutReporter, readReportForm, reportEvents, type ReportForm } from '@ringside/intake-domain';
import { forbiddenKeysIn, ProblemException, problems, type Fault } from '@ringside/platform';
import type { ViewStore } from '@ringside/view-store';
import { rowOfKey, type KeyOfSender } from './idempotency-keys.js';
import type { IntakeMetrics } from './intake-metrics.js';
import type { LateReceipts } from './late-receipts.js';
import type { LineFaults } from './line-faults.js';
import type { OwnReports } from './own-reports.js';
import { intakeProblems } from './problems.js';

export interface Intake {
  readonly eventLog: EventLog;
  readonly viewStore: ViewStore;
  readonly clock: Clock;
  /** The ring as this region sees it. */
  readonly placement: Placement;
  readonly source: string;
  readonly metrics: IntakeMetrics;
  /** What is appended, for the view of it that this process may get to write. */
  readonly own: OwnReports;
  /** Ids of reports whose first append failed: they count once they are accepted under their key. */
  readonly uncounted: Set<string>;
  /** Whoever follows one of these at once is to find it. */
  readonly lateReceipts: LateReceipts;
  /** Hears of what went wrong with lines of batches. */
  readonly lineFaults: LineFaults;
}

/** Who sends something, and the key under which they may send it again. */
export interface Sender {
  readonly idempotencyKey?: string | undefined;
  /** The `sub` of their token; undefined where nobody has to say who they are. */
  readonly caller?: string | undefined;
}

/** A form as it came in. */
export interface FormReceived extends Sender {
  readonly body: unknown;
  /** What is wrong with its headers: told together with what is wrong with the body. */
  readonly faults?: readonly Fault[];
}

export interface Receipt {
  readonly reportId: string;
}

/**
 * Records a report. Resolves with its id once the event log has it on disk; a refusal is a value, with nothing stored anywhere.
 * Throws `UnavailableError` where the log or the store cannot take it: the outcome is then unknown, and sending it again
 * under the same key is harmless.
 */
export async function fileReport(intake: Intake, received: FormReceived): Promise<Result<Receipt, ProblemException>> {
  const now = intake.clock();
  const { idempotencyKey, caller } = received;
  const read = readForm(received, now);
  if (!read.ok) return read;
  const filing = { reportId: uuidv7(now), filedAt: isoTime(now) };
  const known =
    idempotencyKey === undefined ? ok(filing) : await claimKey(intake, { idempotencyKey, caller }, read.value, filing);
  if (!known.ok) return known;
  const { reportId } = known.value;
  const isNew = reportId === filing.reportId;
  try {
    // One that was filed before is appended again: whether the first attempt was stored is unknown, and a copy is dropped by its id.
    const { placement, source } = intake;
    const subjectHomeRegion = placement.homeOf(read.value.subjectId);
    const { filedAt } = known.value;
    const events = reportEvents(read.value, { reportId, filedAt, region: placement.region, source, subjectHomeRegion });
    const records = events.map(placement.recordOf);
    // Of what it appends, intake hears the reports alone.
    events.forEach((event, i) => event.type === 'ReportFiled' && intake.own.add(records[i]!, event));
    await intake.eventLog.append(records);
  } catch (error) {
    if (isNew && idempotencyKey !== undefined) countLater(intake, reportId);
    throw error;
  }
  intake.lateReceipts.acknowledged(reportId, intake.clock());
  if (isNew || intake.uncounted.delete(reportId)) intake.metrics.received(read.value.reason);
  return ok({ reportId });
}

/** Beyond this the oldest are forgotten: the count is then too low by those that are sent again. */
const uncountedMax = 10_000;

function countLater({ uncounted }: Intake, reportId: string): void {
  const [oldest] = uncounted;
  if (uncounted.size >= uncountedMax && oldest !== undefined) uncounted.delete(oldest);
  uncounted.add(reportId);
}

function readForm({ body, faults = [] }: FormReceived, now: number): Result<ReportForm, ProblemException> {
  const read = readReportForm(body, now);
  const neverTaken = forbiddenKeysIn(body);
  if (!read.ok || faults.length > 0 || neverTaken.length > 0) {
    const errors = [...faults, ...neverTaken, ...(read.ok ? [] : read.error)];
    return err(
      new ProblemException(problems.invalidRequest, 'Mend the fields listed under errors, then send it again.', { errors }),
    );
  }
  if (!isAboutReporter(read.value)) return read;
  const errors = [{ pointer: '/subjectId', detail: 'must be another player than reporterId' }];
  return err(new ProblemException(intakeProblems.selfReport, 'Report another player.', { errors }));
}

/** What is wrong with an `Idempotency-Key` header. Absent is fine. */
export const keyFaults = (idempotencyKey: string | undefined): readonly Fault[] =>
  idempotencyKey === undefined || /^[\x21-\x7e]{1,128}$/.test(idempotencyKey)
    ? []
    : [{ header: 'idempotency-key', detail: 'must be 1 to 128 visible ASCII characters' }];

type Filing = Receipt & { readonly filedAt: string };
type KeptFiling = Filing & { readonly fingerprint: string };

/** The filing that the key stands for: this one where the key is new. */
async function claimKey(
  { viewStore }: Intake,
  key: KeyOfSender,
  form: ReportForm,
  filing: Filing,
): Promise<Result<Filing, ProblemException>> {
  const fingerprint = fingerprintOf(form);
  const before = key.caller === undefined ? undefined : await filingOfBefore(viewStore, key.idempotencyKey);
  const { reportId, filedAt } = before?.fingerprint === fingerprint ? before : filing;
  const claim = await viewStore.insertOnce({ ...rowOfKey('filing', key), value: { reportId, filedAt, fingerprint } });
  if (claim.outcome === 'inserted') return ok({ reportId, filedAt });
  const earlier = claim.value as unknown as KeptFiling;
  if (earlier.fingerprint === fingerprint) return ok({ reportId: earlier.reportId, filedAt: earlier.filedAt });
  return err(new ProblemException(intakeProblems.idempotencyKeyReused, 'Use a key of its own for every report.'));
}

/**
 * What was filed under the key while keys were not yet their callers' own, or nobody had to say who they are. A report of those days
 * that is sent again is that report, and must not get a second id; another one under the same key may well be another caller's, and
 * takes no notice of it.
 */
async function filingOfBefore(viewStore: ViewStore, idempotencyKey: string): Promise<KeptFiling | undefined> {
  const row = await viewStore.get(rowOfKey('filing', { idempotencyKey }));
  return row?.value as unknown as KeptFiling | undefined;
}
