import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deriveUuidv7 } from '@ringside/core';
import {
  appealFiled,
  createEvent,
  decodeEvent,
  definitions,
  reportEvidenceFiled,
  topics,
  type RingsideEvent,
} from '@ringside/events';
import type { ServiceDefinition } from '@ringside/platform';

import { aReport } from './arbitraries.js';
import { openTestRing, type TestRing } from './test-ring.js';
import { workOnCase, type CaseAtWork, type Taken } from './work-on-case.js';

/** A team whose case goes all the way, from a report with all that can be attached to the answer to an appeal. */
export interface TeamWithinBorders {
  readonly service: ServiceDefinition;
  readonly team: string;
  /** Of its case about a player of the game `stormfall`. */
  readonly caseIdOf: (subjectId: string) => string;
  /** A reason that it captures. */
  readonly reason: string;
  /** A decision that its cases take. */
  readonly decision: object;
  /** The team's own commands, on a case that is claimed and still open: all that could take anything from the evidence. */
  readonly work: (work: CaseAtWork, reportId: string) => Promise<void>;
  /** Types of events that this has to lead to, so that the test has been where it says. */
  readonly leadsTo: readonly RingsideEvent['type'][];
}

/**
 * A text of its own for each field that a regional event marks as personal, as a valid value of that field. A field that is not here
 * fails the test below: then it says nothing of it.
 */
const samples: Readonly<Record<string, (mark: string) => unknown>> = {
  'ReportEvidenceFiled.description': (mark) => `He said ${mark}.`,
  'ReportEvidenceFiled.chat': (mark) => [{ at, playerId: 'p1', text: `Well, ${mark}!` }],
  'ReportEvidenceFiled.replayUrl': (mark) => `https://replays.example/${mark}`,
  'ReportEvidenceFiled.telemetry': (mark) => ({ [mark]: 1, note: mark }),
  'AppealFiled.statement': (mark) => `It was ${mark}.`,
};

const at = '2026-01-31T12:00:00.000Z';
const game = 'stormfall';
const subjectId = 'marked-player';

const regionalFields = definitions
  .filter(({ zone }) => zone === 'regional')
  .flatMap(({ type, personal }) => personal.map((field) => `${type}.${field}`));

const markOf = (field: string): string => `Marked${Buffer.from(field).toString('hex')}`;

/** The personal fields of a regional event, each with its mark. */
function marked(type: RingsideEvent['type']): Record<string, unknown> {
  const fields = regionalFields.filter((field) => field.startsWith(`${type}.`));
  return Object.fromEntries(fields.map((field) => [field.slice(type.length + 1), samples[field]!(markOf(field))]));
}

interface Lying {
  readonly zone: string;
  readonly type: string;
  readonly fields: readonly string[];
}

/** Every event of the log, with the fields whose marks are anywhere in its bytes. */
async function lyingIn({ log }: TestRing): Promise<readonly Lying[]> {
  const lying: Lying[] = [];
  for (const { topic, zone } of topics) {
    for (const { partition } of await log.heads(topic)) {
      for await (const { bytes } of log.read({ topic, partition })) {
        const text = Buffer.from(bytes).toString('utf8');
        const decoded = decodeEvent(bytes);
        const type = decoded.ok ? decoded.value.type : 'unreadable';
        lying.push({ zone, type, fields: regionalFields.filter((field) => text.includes(markOf(field))) });
      }
    }
  }
  return lying;
}

/**
 * What a regional event says of a person must not leave its region by being copied into an event that does. Nothing in the types
 * keeps anybody from that, so this goes through everything that a team does with what it reads, and looks at the bytes.
 */
export function describeBorders({ service, team, caseIdOf, reason, decision, work, leadsTo }: TeamWithinBorders): void {
  let ring: TestRing;
  beforeAll(async () => {
    ring = await openTestRing([service], { clock: () => Date.parse(at) });
  });
  afterAll(() => ring.close());

  const person = (sub: string, ...roles: string[]) => ({ sub, teams: [team], roles });
  const origin = { region: 'local', source: 'report-intake', time: at } as const;

  /** Two reports, so that something is open when the team is done with the first; answers with the id of the one with evidence. */
  async function reported(): Promise<string> {
    const report = aReport({ subjectId, reason, hasEvidence: true });
    const { reportId } = report.data;
    const data = { reportId, game, subjectId, reason, filedAt: at, ...marked('ReportEvidenceFiled') };
    const other = aReport({ subjectId, reason, reporterId: 'reporter-2', matchId: 'match-2' });
    await ring.publish(createEvent(reportEvidenceFiled, { ...origin, data }), report, other);
    await ring.settle();
    return reportId;
  }

  async function appealed(decisionId: string): Promise<string> {
    const appealId = deriveUuidv7(deriveUuidv7('019c1423-8d20-7c4a-b5e6-09f8a7b60011', decisionId), 'appeal');
    const data = { appealId, decisionId, playerId: subjectId, filedAt: at, statement: '', ...marked('AppealFiled') };
    await ring.publish(createEvent(appealFiled, { ...origin, data }));
    await ring.settle();
    return appealId;
  }

  /** What everybody's commands and the team's own make of a case. */
  async function workedCase(reportId: string): Promise<void> {
    const caseId = caseIdOf(subjectId);
    const atWork = workOnCase(ring, { service: service.name, caseId, as: person('ann', 'case_worker') });
    atWork.saw((await atWork.get<{ version: number }>(`/v1/cases/${caseId}`)).body.version);
    const taken = async (name: string, body: object): Promise<Taken> => {
      const { status, body: answer } = await atWork.command(name, body);
      expect([name, status]).toEqual([name, 200]);
      return answer;
    };
    await taken('claim', {});
    await taken('note', { text: 'Read all of it.' });
    await taken('hold', { reason: 'Waits.' });
    await taken('resume', {});
    await taken('escalate', { reason: 'A streamer.' });
    await work(atWork, reportId);
    const { decisionId } = await taken('decide', decision);
    await ring.settle();
    const appealId = await appealed(decisionId);
    const lead = person('lee', 'lead');
    const { status } = await ring.request(service.name, `/v1/appeals/${appealId}/decide`, {
      ...{ method: 'POST', as: lead, headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ outcome: 'overturned', facts: 'They are right.' }),
    });
    expect(status).toBe(200);
    await ring.settle();
  }

  describe('what players wrote', () => {
    it('is marked here, field by field', () => {
      expect(regionalFields.filter((field) => !Object.hasOwn(samples, field))).toEqual([]);
    });

    it('is in no event that leaves the region, whatever the team does with its case', async () => {
      await workedCase(await reported());
      const lying = await lyingIn(ring);
      const types = lying.filter(({ zone }) => zone !== 'regional').map(({ type }) => type);
      expect(types).toEqual(
        expect.arrayContaining(['CaseClaimed', 'CaseProgressed', 'AppealOpened', 'AppealDecided', ...leadsTo]),
      );
      const regional = lying.filter(({ zone }) => zone === 'regional');
      expect([...new Set(regional.flatMap(({ fields }) => fields))].sort()).toEqual([...regionalFields].sort());
      const crossing = lying.filter(({ zone, fields }) => zone !== 'regional' && fields.length > 0);
      expect(crossing.map(({ type, fields }) => `${type} has ${fields.join(', ')}`)).toEqual([]);
    });
  });
}
