import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ProblemException, problemOf, problems } from '@ringside/platform';
import { pino } from 'pino';
import { form, request, startIntake, type IntakeUnderTest } from './intake.fixture.js';
import { lineFaults } from './line-faults.js';

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly lines?: number;
  readonly linesFailed?: number;
  readonly err?: { readonly message: string; readonly stack: string };
}

const logged: Line[] = [];
const logger = pino({ level: 'info' }, { write: (line) => void logged.push(JSON.parse(line) as Line) });
beforeEach(() => void logged.splice(0));
const ofBatches = (): readonly Line[] => logged.filter(({ msg }) => msg.startsWith('lines of a batch'));

describe('a batch that fails on our side', () => {
  let intake: IntakeUnderTest;
  beforeAll(async () => {
    intake = await startIntake({ logger });
  });
  afterAll(() => intake.close());

  const batch = (lines: number) =>
    request(intake, '/v1/reports:batch', {
      method: 'POST',
      body: `${JSON.stringify(form)}\n`.repeat(lines),
      headers: { 'content-type': 'application/x-ndjson' },
    }).finally(() => intake.beforeAppends(() => undefined));

  it('is in the log with its cause, in one line where all fail alike', async () => {
    intake.beforeAppends(() => {
      throw new TypeError('That is a bug.');
    });
    const { status, text } = await batch(200);
    expect(status).toBe(200);
    expect(text.match(/"status":500/g)).toHaveLength(200);
    expect(text).not.toContain('That is a bug.');
    expect(ofBatches()).toMatchObject([
      { level: 50, msg: 'lines of a batch failed', lines: 200, linesFailed: 200, err: { message: 'That is a bug.' } },
    ]);
    expect(ofBatches()[0]!.err!.stack).toContain('line-faults.spec');
  });

  it('is in the log where an outage hits it, once a second', async () => {
    intake.failAppends(true);
    await batch(3);
    intake.failAppends(true);
    await batch(3);
    expect(ofBatches()).toMatchObject([
      { level: 40, msg: 'lines of a batch not taken', code: 'unavailable', lines: 3, err: { message: 'The disk is full.' } },
    ]);
  });

  it('is not in the log where the fault is with its lines', async () => {
    await request(intake, '/v1/reports:batch', {
      method: 'POST',
      body: `{"broken":\n{}\n${JSON.stringify({ ...form, subjectId: form.reporterId })}\n`,
      headers: { 'content-type': 'application/x-ndjson' },
    });
    expect(ofBatches()).toEqual([]);
  });
});

describe('line faults', () => {
  it('log each cause once, and no more than ten of a batch', () => {
    const faults = [1, 2, 2].map((n) => problemOf(new Error(`cause ${n}`)));
    lineFaults(logger)(faults);
    expect(ofBatches()).toMatchObject([
      { lines: 1, linesFailed: 3, err: { message: 'cause 1' } },
      { lines: 2, linesFailed: 3, err: { message: 'cause 2' } },
    ]);
    logged.splice(0);
    lineFaults(logger)(Array.from({ length: 1_000 }, (_, n) => problemOf(new Error(`cause ${n}`))));
    expect(ofBatches()).toHaveLength(10);
  });

  it('know that a problem may be without a cause', () => {
    lineFaults(logger)([new ProblemException(problems.internal, 'Nobody knows why.')]);
    expect(ofBatches()).toMatchObject([{ err: { message: 'Nobody knows why.' } }]);
  });
});
