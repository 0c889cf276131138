import { describe, expect, it } from '@jest/globals';
import type { JsonObject, Projection, RowKey } from '@ringside/core';
import { reasonsOf, type RingsideEvent } from '@ringside/events';
import { anyEvent, caseHistories, frozen, play } from '@ringside/testing';
import fc from 'fast-check';

import { appealsFiled } from './appeals-filed.js';
import { appealsOnFile } from './appeals-on-file.js';
import { caseFiles } from './case-files.js';
import type { CaseRules } from './case-rules.js';
import { caseSteps } from './case-steps.js';
import { evidenceOnFile } from './evidence.js';
import { playerSanctions } from './player-sanctions.js';
import { filedReports } from './reporters.js';

const captured = new Set<string>(reasonsOf('cheating'));
const rules: CaseRules = {
  team: 'cheating',
  captures: (reason) => captured.has(reason),
  weigh: () => ({ severity: 5, decideWithinHours: 72 }),
};
const ofFacts = [evidenceOnFile(rules), filedReports(rules), playerSanctions, appealsFiled, caseSteps(rules)];
const all = [...ofFacts, caseFiles(rules), appealsOnFile(rules)];

/** Few names, so that events are about the same things. */
const names: Readonly<Record<string, readonly string[]>> = {
  team: ['cheating', 'cheating', 'abuse'],
  game: ['stormfall', 'kickoff'],
  reason: ['aimbot', 'macro', 'harassment'],
  decisionId: [`${'c'.repeat(22)}.1`, `${'c'.repeat(22)}.2`],
  ...Object.fromEntries(
    ['subjectId', 'playerId', 'reporterId', 'reportId', 'sanctionId', 'appealId', 'caseId'].map((field) => [field, ['1', '2']]),
  ),
};
const eventAmongFew = fc.tuple(anyEvent, fc.nat(20)).map(([event, pick]) => {
  const data: Record<string, unknown> = { ...event.data };
  for (const [field, few] of Object.entries(names)) if (field in data) data[field] = few[pick % few.length];
  return frozen({ ...event, data } as unknown as RingsideEvent);
});

/** What is said once of one thing, as its producer says it: of a sanction that it was imposed, of a report what it came with. */
function subjectOf({ id, type, data }: RingsideEvent): string {
  const { sanctionId, appealId, reportId, reporterId, filedAt } = data as Record<string, unknown>;
  if (type === 'SanctionImposed') return `${type}/${String(sanctionId)}`;
  if (type === 'AppealFiled') return `${type}/${String(appealId)}`;
  if (type === 'ReportEvidenceFiled') return `${type}/${String(reportId)}`;
  if (type === 'ReportFiled') return `${type}/${String(reportId)}/${String(reporterId)}/${String(filedAt)}`;
  return id;
}

const facts = fc
  .array(eventAmongFew, { maxLength: 40 })
  .map((events) => [...new Map(events.map((event) => [subjectOf(event), event])).values()])
  .chain((events) =>
    fc.tuple(fc.constant(events), fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 })),
  );

const rowsOf = (projection: Projection<RingsideEvent>, events: readonly RingsideEvent[]) => [...play([projection], events)];

describe.each(ofFacts.map((projection) => [projection.name, projection] as const))('%s', (_, projection) => {
  it('is the same in whichever order the events come, and however often each is delivered', () => {
    fc.assert(fc.property(facts, ([events, again]) => expect(rowsOf(projection, again)).toEqual(rowsOf(projection, events))));
  });
});

describe.each(all.map((projection) => [projection.name, projection] as const))('%s', (_, projection) => {
  it('writes to its own tables alone, says the same twice, and changes nothing that it is handed', () => {
    let concerned = 0;
    const events = fc.oneof(fc.array(eventAmongFew, { minLength: 60, maxLength: 60 }), caseHistories('cheating'));
    fc.assert(
      fc.property(events, (some) => {
        for (const event of some) {
          const entity = projection.entity(event);
          if (entity === undefined) continue;
          concerned += 1;
          const write = () => projection.project(event, { get: () => undefined });
          for (const { table, partition, key } of [entity, ...write()]) {
            expect(projection.tables).toContain(table);
            expect(partition.length * key.length).toBeGreaterThan(0);
          }
          expect(write()).toEqual(write());
        }
      }),
      { numRuns: 10, seed: 7 },
    );
    expect(concerned).toBeGreaterThan(0);
  });
});

describe('CaseFiles', () => {
  const nameOf = ({ table, partition, key }: RowKey): string => `${table}/${partition}/${key}`;
  const projection = caseFiles(rules);

  it('takes no notice of an event that it has, and does not write to the rows that it reads', () => {
    fc.assert(
      fc.property(caseHistories('cheating'), fc.nat(40), (events, pick) => {
        const rows = new Map<string, JsonObject>();
        const apply = (event: RingsideEvent): void => {
          if (projection.entity(event) === undefined) return;
          for (const write of projection.project(frozen(event), { get: (row) => rows.get(nameOf(row)) })) {
            if (write.kind === 'delete') rows.delete(nameOf(write));
            else if (write.kind === 'put') rows.set(nameOf(write), frozen(write.value));
          }
        };
        for (const event of events) apply(event);
        const before = new Map([...rows].filter(([name]) => !name.endsWith('/case')));
        apply(events[pick % events.length]!);
        expect(new Map([...rows].filter(([name]) => !name.endsWith('/case')))).toEqual(before);
      }),
    );
  });
});
