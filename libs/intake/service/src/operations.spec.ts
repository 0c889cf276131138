import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { file, fileRaw, form, request, startIntake, type IntakeUnderTest } from './intake.fixture.js';

const lines: string[] = [];
let intake: IntakeUnderTest;
beforeAll(async () => {
  intake = await startIntake({ logger: pino({ level: 'debug' }, { write: (line) => void lines.push(line) }) });
});
afterAll(() => intake.close());

describe('what operators see', () => {
  it('counts reports by reason and refusals by code', async () => {
    await file(intake, form);
    await file(intake, { ...form, reason: 'spam' });
    await file(intake, { ...form, reason: 'spam' }, { 'idempotency-key': 'counted-once' });
    await file(intake, { ...form, reason: 'spam' }, { 'idempotency-key': 'counted-once' });
    await file(intake, { ...form, subjectId: form.reporterId });
    await fileRaw(intake, '{');
    await fileRaw(intake, '{}', { 'content-type': 'text/plain' });
    await request(intake, '/v1/reports:batch', {
      method: 'POST',
      body: `${JSON.stringify(form)}\n{}\n`,
      headers: { 'content-type': 'application/x-ndjson' },
    });
    const { text } = await request(intake, '/metrics');
    const counted = text.split('\n').filter((line) => /^ringside_reports_|_count{method="POST"/.test(line));
    expect(counted).toContain('ringside_reports_received_total{reason="aimbot"} 2');
    expect(counted).toContain('ringside_reports_received_total{reason="spam"} 2');
    expect(counted).toContain('ringside_reports_refused_total{code="self_report"} 1');
    expect(counted).toContain('ringside_reports_refused_total{code="invalid_json"} 1');
    expect(counted).toContain('ringside_reports_refused_total{code="invalid_request"} 1');
    expect(counted).toContain('ringside_reports_refused_total{code="unsupported_media_type"} 1');
    expect(counted).toContain('http_server_request_duration_seconds_count{method="POST",route="/v1/reports",status="202"} 4');
  });

  it('counts a report that the log refused once it is accepted under its key, and once', async () => {
    const attempt = () => file(intake, { ...form, reason: 'wallhack' }, { 'idempotency-key': 'counted-late' });
    intake.failAppends(true);
    await attempt();
    await attempt().finally(() => intake.failAppends(false));
    await attempt();
    intake.failAppends(true);
    await attempt().finally(() => intake.failAppends(false));
    await attempt();
    const { text } = await request(intake, '/metrics');
    expect(text).toContain('ringside_reports_received_total{reason="wallhack"} 1');
  });

  it('logs nothing of what players wrote, at any level', async () => {
    await file(intake, { ...form, description: 'sesame', evidence: { telemetry: { sesame: 1 } } });
    await file(intake, { ...form, reason: 'sesame', sesame: 'sesame' });
    await fileRaw(intake, '{"sesame');
    intake.failAppends(true);
    await file(intake, { ...form, description: 'sesame' }).finally(() => intake.failAppends(false));
    expect(lines.some((line) => line.includes('"route":"/v1/reports"'))).toBe(true);
    expect(lines.join('')).not.toContain('sesame');
  });

  it('is ready with its log, its store and its subscription', async () => {
    expect(await request(intake, '/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'ok', eventLog: { status: 'up' }, viewStore: { status: 'up' }, subscriptions: { status: 'up' } },
    });
  });

  it('documents its routes with every status', async () => {
    const { body } = await request(intake, '/docs/openapi.json');
    expect(body).toMatchObject({
      openapi: '3.1.0',
      paths: {
        '/v1/reports': {
          post: {
            requestBody: {
              content: { 'application/json': { schema: { required: ['game', 'reporterId', 'subjectId', 'reason'] } } },
            },
            responses: { 202: { headers: { Location: {} } }, 400: {}, 409: {}, 413: {}, 415: {}, 422: {}, 429: {}, 503: {} },
          },
        },
        '/v1/reports:batch': { post: { requestBody: { content: { 'application/x-ndjson': {} } } } },
        '/v1/reports/{reportId}': { get: { responses: { 200: {}, 404: {} } } },
        '/v1/report-reasons': { get: { responses: { 200: {} } } },
      },
    });
  });
});
