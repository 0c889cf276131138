import { describe, expect, it } from '@jest/globals';
import { deriveUuidv7 } from '@ringside/core';
import { decodeEvent, encodeEvent } from '@ringside/events';
import { aReport, evidenceOf, rerouted } from '@ringside/testing';

import { handOverEvidence, isHandedOver } from './hand-over.js';

describe('a report', () => {
  it.each<[string, string, boolean]>([
    ['other', 'aimbot', true],
    ['not_known_yet', 'harassment', true],
    ['other', 'griefing', false],
    ['aimbot', 'harassment', false],
    ['aimbot', 'other', false],
  ])('of %s that is now one of %s went from triage to a team: %j', (first, reason, handedOver) => {
    expect(isHandedOver(first, reason)).toBe(handedOver);
  });
});

describe('evidence that is handed over', () => {
  const report = aReport({ reason: 'other' });
  const evidence = evidenceOf(report).data;
  const cause = rerouted(report, 'aimbot');
  const from = { evidence, reason: 'aimbot', cause, region: 'eu', source: 'others-triage' };

  it('is filed again under its new reason, as something that follows from the rerouting', () => {
    const event = handOverEvidence(from);
    expect(event).toMatchObject({
      ...{ type: 'ReportEvidenceFiled', time: cause.time, region: 'eu', source: 'others-triage' },
      ...{ correlationId: cause.correlationId, causationId: cause.id },
    });
    expect(event.data).toEqual({ ...evidence, reason: 'aimbot' });
    expect(decodeEvent(encodeEvent(event))).toEqual({ ok: true, value: event });
  });

  it('has the same id whatever led to it, and another one under another reason', () => {
    const { id } = handOverEvidence(from);
    expect(id).toBe(deriveUuidv7(report.data.reportId, 'evidence/aimbot'));
    const again = handOverEvidence({ ...from, cause: rerouted(report, 'aimbot', ['other', 'griefing']), source: 'sweep' });
    expect(again.id).toBe(id);
    expect(handOverEvidence({ ...from, reason: 'harassment' }).id).not.toBe(id);
  });
});
