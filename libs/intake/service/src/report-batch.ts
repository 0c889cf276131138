import { setImmediate as nextTurn } from 'node:timers/promises';
import { err, type Result } from '@ringside/core';
import {
  jsonBytesMax,
  overloaded,
  parseJson,
  problemDocument,
  ProblemException,
  problemOf,
  problems,
} from '@ringside/platform';
import { fileReport, keyFaults, type Intake, type Receipt, type Sender } from './file-report.js';
import { intakeProblems } from './problems.js';

export const batchContentType = 'application/x-ndjson';
export const batchBytesMax = 8 * 1024 * 1024;
export const batchLinesMax = 1_000;

/**
 * Lines, and bytes of lines, of all batches together that are read before the event loop gets a turn. Node takes one new connection in
 * a turn: where batches make turns long, whoever connects waits, and so does what asks for the service's health.
 */
const linesPerTurn = 50;
const bytesPerTurn = 256 * 1024;
const turn: { lines: number; bytes: number; next: Promise<void> | undefined } = { lines: 0, bytes: 0, next: undefined };

/**
 * Lines of all batches under way in this process. A batch is one request to whoever counts these, and a thousand reports to the
 * log: without this bound what waits behind the batches of a minute would wait for a minute.
 */
const linesUnderWayMax = 5_000;
let linesUnderWay = 0;

/** Whether no more batches are taken for now. */
export const isBusyWithBatches = (): boolean => linesUnderWay >= linesUnderWayMax;

/**
 * Files every line of an NDJSON body on its own and answers with a line for each, in their order. All appends are under way
 * together, so that the log makes them durable together. With an idempotency key each line has one of its own, made of the
 * key and its number: the same batch sent again gives the same reports.
 */
export async function fileBatch(intake: Intake, body: Buffer, sender: Sender): Promise<string> {
  const errors = keyFaults(sender.idempotencyKey);
  if (errors.length > 0)
    throw new ProblemException(problems.invalidRequest, 'Mend the header listed under errors.', { errors });
  const lines = linesOf(body);
  if (isBusyWithBatches()) {
    throw overloaded();
  }
  linesUnderWay += lines.length;
  try {
    return await fileLines(intake, lines, sender);
  } finally {
    linesUnderWay -= lines.length;
  }
}

async function fileLines(intake: Intake, lines: readonly Buffer[], sender: Sender): Promise<string> {
  const { idempotencyKey, caller } = sender;
  const underWay: Promise<string>[] = [];
  const faults: ProblemException[] = [];
  for (const [index, line] of lines.entries()) {
    while (turn.lines >= linesPerTurn || turn.bytes >= bytesPerTurn) await anotherTurn();
    turn.lines += 1;
    turn.bytes += line.length;
    // No header can contain a line break, so a line's key is nobody's header.
    const key = idempotencyKey === undefined ? undefined : `${idempotencyKey}\n${index + 1}`;
    const filing = fileLine(intake, line, { idempotencyKey: key, caller });
    const answer = filing.then((result) => {
      if (!result.ok && result.error.kind.status >= 500) faults.push(result.error);
      return resultLine(intake, index + 1, result);
    });
    underWay.push(answer);
  }
  const answers = await Promise.all(underWay);
  if (faults.length > 0) intake.lineFaults(faults);
  return answers.join('');
}

/** The batch that came first goes on first: those that wait go on in the order in which they began to wait. */
function anotherTurn(): Promise<void> {
  turn.next ??= nextTurn().then(() => {
    [turn.lines, turn.bytes, turn.next] = [0, 0, undefined];
  });
  return turn.next;
}

function linesOf(body: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < body.length;) {
    const end = body.indexOf(0x0a, start);
    lines.push(body.subarray(start, end === -1 ? body.length : end));
    start = end === -1 ? body.length : end + 1;
    if (lines.length > batchLinesMax) {
      throw new ProblemException(intakeProblems.tooManyLines, `Send at most ${batchLinesMax} lines at once.`);
    }
  }
  if (lines.length === 0) throw new ProblemException(problems.invalidJson, 'The body is empty: send a report on each line.');
  return lines;
}

async function fileLine(
  intake: Intake,
  line: Buffer,
  { idempotencyKey, caller }: Sender,
): Promise<Result<Receipt, ProblemException>> {
  if (line.length > jsonBytesMax) {
    return err(new ProblemException(intakeProblems.lineTooLong, `A line may have ${jsonBytesMax} bytes.`));
  }
  try {
    return await fileReport(intake, { body: parseJson(line), idempotencyKey, caller });
  } catch (error) {
    return err(problemOf(error));
  }
}

function resultLine(intake: Intake, line: number, result: Result<Receipt, ProblemException>): string {
  if (result.ok) return `${JSON.stringify({ line, status: 202, reportId: result.value.reportId })}\n`;
  intake.metrics.refused(result.error.code);
  return `${JSON.stringify({ line, ...problemDocument(result.error) })}\n`;
}
