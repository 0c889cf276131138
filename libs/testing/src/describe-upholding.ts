import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ServiceDefinition } from '@ringside/platform';

import { aReport } from './arbitraries.js';
import { openTestRing, type TestRing } from './test-ring.js';
import { until } from './until.js';
import { workOnCase } from './work-on-case.js';

/** A team that upholds, as somebody sees it who has read of claiming and deciding, and of nothing that is this team's own. */
export interface UpholdingTeam {
  readonly service: ServiceDefinition;
  readonly team: string;
  /** Of its case about a player of the game `stormfall`. */
  readonly caseIdOf: (subjectId: string) => string;
  /** A reason that it captures, and the category under which a decision is published. */
  readonly reason: string;
  readonly category: string;
  /** A clause of its policy. One that the policy does not know is tried as well. */
  readonly clause: string;
}

/** What a service of every team that upholds must pass. */
export function describeUpholding({ service, team, caseIdOf, reason, category, clause: known }: UpholdingTeam): void {
  const at = '2026-01-31T12:00:00.000Z';
  const threeDaysLater = '2026-02-03T12:00:00.000Z';
  let ring: TestRing;
  beforeAll(async () => {
    ring = await openTestRing([service], { clock: () => Date.parse(at) });
  });
  afterAll(() => ring.close());

  /** A player whom ann suspends for 72 hours, after one report. */
  async function suspended(subjectId: string, decision: { readonly clause: string; readonly facts: string }) {
    const report = aReport({ subjectId, reason });
    await ring.publish(report);
    await ring.settle();
    const caseId = caseIdOf(subjectId);
    const ann = { sub: 'ann', teams: [team], roles: ['case_worker'] };
    const { command, get } = workOnCase(ring, { service: service.name, caseId, as: ann });
    expect((await command('claim', {})).status).toBe(200);
    const uphold = { verdict: 'uphold', ...decision, sanctions: [{ kind: 'suspend', durationHours: 72 }] };
    const decided = await command('decide', uphold);
    expect(decided).toMatchObject({ status: 200, body: { pendingApproval: false } });
    return { ...decided.body, reportId: report.data.reportId, caseId, get };
  }

  describe('a case that is claimed and decided', () => {
    it.each([known, 'house-rules/7'])('imposes what was decided, and says why: clause %s', async (clause) => {
      const [subjectId, facts] = [`decided-${clause}`, 'Seen in two matches.'];
      const { decisionId, version, reportId, caseId, get } = await suspended(subjectId, { clause, facts });

      const seen = await get(`/v1/cases/${caseId}?minVersion=${version}`);
      expect(seen).toMatchObject({ status: 200, body: { status: 'decided', openReports: 0, claim: null } });
      expect(seen.body).toMatchObject({ decisions: [{ decisionId, state: 'in_effect', verdict: 'uphold' }] });
      const { body: decision } = await get<{ statementOfReasons: { text: string } }>(`/v1/decisions/${decisionId}`);
      expect(decision).toMatchObject({
        ...{ state: 'in_effect', clause, facts, reportIds: [reportId] },
        statementOfReasons: { ground: { clause }, restrictions: [{ kind: 'suspend', until: threeDaysLater }] },
      });
      expect(decision.statementOfReasons.text).toContain(clause);
      expect(await get(`/v1/decisions/${decisionId}/dsa`)).toMatchObject({
        status: 200,
        body: { category, decision_account: 'DECISION_ACCOUNT_SUSPENDED' },
      });
      const dossier = `/v1/players/${encodeURIComponent(subjectId)}`;
      await until('the dossier has the sanction', async () => {
        const { body } = await get<{ sanctions: { imposed: object[] } }>(dossier);
        return body.sanctions.imposed.length > 0;
      });
      expect((await get(dossier)).body).toMatchObject({
        sanctions: {
          inForce: [{ kind: 'suspend', until: threeDaysLater }],
          imposed: [{ sanctionId: `${decisionId}.1`, team, decisionId, reversed: null }],
        },
        strikes: { count: 1 },
      });
    });
  });
}
