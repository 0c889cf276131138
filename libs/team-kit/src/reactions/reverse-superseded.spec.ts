import { describe, expect, it } from '@jest/globals';
import { caseIdOf, caseRow, playerSanctionsTable, versionIn } from '@ringside/casework';
import type { JsonObject, RowKey } from '@ringside/core';
import { servingRow, termRow } from '@ringside/data-ring';
import type { RingsideEvent, SanctionImposed } from '@ringside/events';
import { progressed } from '@ringside/testing';
import type { Row } from '@ringside/view-store';

import { rules } from '../casework/working-team.fixture.js';
import type { ViewReader } from '../subscriber.js';
import { reverseSuperseded } from './reverse-superseded.js';

const subject = { team: rules.team, game: 'stormfall', subjectId: 'eu-player' };
const caseId = caseIdOf(subject.team, subject.game, subject.subjectId);
const addressOf = ({ table, partition, key }: RowKey): string => `${table}/${partition}/${key}`;

/** Term 1 goes on from step 2; then eu decided step 3, which imposed something. */
const inTerm1 = { caseId, subjectId: subject.subjectId, homeRegion: 'eu', streamVersion: versionIn(1, 4), terms: { 1: 2 } };
const imposedAt = (caseVersion: number, ofCase = caseId): SanctionImposed['data'] =>
  ({
    ...{ sanctionId: `${ofCase}.${caseVersion}.0`, decisionId: `${ofCase}.${caseVersion}`, caseId: ofCase, caseVersion },
    ...{ playerId: subject.subjectId, game: 'stormfall', team: rules.team, kind: 'ban', until: null },
    ...{ from: '2026-01-31T12:00:00.000Z', strikeUntil: '2027-01-31T12:00:00.000Z' },
  }) as SanctionImposed['data'];

interface Known {
  readonly promotions: readonly string[];
  readonly sanctions?: readonly SanctionImposed['data'][];
}

function viewsOf({ promotions, sanctions = [imposedAt(3)] }: Known): ViewReader {
  const rows = new Map<string, unknown>([[addressOf(caseRow(caseId)), inTerm1]]);
  promotions.forEach((servedBy, i) => {
    rows.set(addressOf(termRow('eu', i + 1)), { servedBy, term: i + 1 });
    rows.set(addressOf(servingRow('eu')), { servedBy, term: i + 1 });
  });
  const imposedBy = '019c13b5-0000-7000-8000-000000000000';
  const onFile = sanctions.map((imposed) => ({ key: imposed.sanctionId, value: { imposed, imposedBy, reversed: null } }));
  return {
    get: (row) => Promise.resolve(rows.get(addressOf(row)) as JsonObject | undefined),
    getMany: () => Promise.resolve([]),
    page: (table, _, { from = '', to = '~', limit }) =>
      Promise.resolve(
        table !== playerSanctionsTable
          ? []
          : (onFile.filter(({ key }) => key >= from && key < to).slice(0, limit) as unknown as readonly Row[]),
      ),
  };
}

const laterTerm = progressed(subject, { caseVersion: versionIn(1, 4), basedOn: 2 }) as RingsideEvent;

const saidIn = (region: string, known: Known): Promise<readonly RingsideEvent[]> =>
  reverseSuperseded(rules).react(laterTerm, { views: viewsOf(known), region, source: 'working-team' });

describe('what a superseded step imposed', () => {
  it('is reversed by the region that works the case, and by the one that imposed it, which may be the only one to know', async () => {
    const said = [...(await saidIn('us', { promotions: ['us'] })), ...(await saidIn('eu', { promotions: ['us'] }))];
    expect(said.map(({ region, data }) => [region, data])).toEqual([
      ['us', expect.objectContaining({ sanctionId: `${caseId}.3.0`, because: 'superseded' })],
      ['eu', expect.objectContaining({ sanctionId: `${caseId}.3.0`, because: 'superseded' })],
    ]);
    expect(new Set(said.map(({ id }) => id)).size).toBe(2); // events that are not equal have ids of their own
    expect(await saidIn('eu', { promotions: ['us'] })).toEqual(await saidIn('eu', { promotions: ['us', 'eu'] }));
  });

  it('is not for others to reverse: neither for one that knows of it, nor for one that worked the case in between', async () => {
    expect(await saidIn('ap', { promotions: ['us'] })).toEqual([]);
    expect(await saidIn('us', { promotions: ['us', 'eu'] })).toEqual([]);
  });

  it('is found among however many sanctions of other cases', async () => {
    const others = Array.from({ length: 1_001 }, (_, i) => imposedAt(i + 1, '!before-all-others'));
    expect(await saidIn('us', { promotions: ['us'], sanctions: [...others, imposedAt(3)] })).toHaveLength(1);
  });

  it('is nothing else: what was imposed before the term began stands', async () =>
    expect(await saidIn('us', { promotions: ['us'], sanctions: [imposedAt(2)] })).toEqual([]));
});
