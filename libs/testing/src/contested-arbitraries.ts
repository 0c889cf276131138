import { deriveUuidv7, isoTime } from '@ringside/core';
import {
  appealDecided,
  appealOpened,
  caseAdopted,
  caseNoted,
  createEvent,
  type CaseEvent,
  type CaseProgressed,
  type ReportFiled,
} from '@ringside/events';
import fc from 'fast-check';

import { aReport } from './arbitraries.js';
import { progressed, type CaseOf } from './case-arbitraries.js';

/** A case on which several regions worked, each in a term of its own and without all that the others did. */
export interface ContestedCase {
  readonly of: CaseOf;
  readonly reports: readonly ReportFiled[];
  /** How the case stood after each step of each term. */
  readonly steps: readonly CaseProgressed[];
  /** Those that have effect: of the last term, and of what it goes on from. In their order. */
  readonly history: readonly CaseProgressed[];
}

const reportsOfCase = 5;
const stepsPerTerm = 2 ** 24; // written down here again: what is checked with it has its own

const stepDraft = fc.record({
  what: fc.constantFrom('claim', 'decide', 'decide', 'cover', 'end'),
  pick: fc.nat(20),
  reports: fc.array(fc.nat(reportsOfCase - 1), { minLength: 1, maxLength: 3 }),
  verdict: fc.constantFrom('uphold' as const, 'dismiss' as const),
  state: fc.constantFrom('proposed' as const, 'in_effect' as const),
  end: fc.constantFrom('in_effect' as const, 'rejected' as const, 'reverted' as const),
});
type StepDraft = typeof stepDraft extends fc.Arbitrary<infer T> ? T : never;

const termDraft = fc.record({
  /** Which of the earlier terms it goes on from, and from how far in that one's history. */
  from: fc.nat(5),
  upTo: fc.nat(20),
  steps: fc.array(stepDraft, { maxLength: 4 }),
});

/** One to three terms behind the first; each goes on from any step of the history of any term before it. */
export const contestedCases = (of: CaseOf): fc.Arbitrary<ContestedCase> =>
  fc.tuple(fc.array(stepDraft, { maxLength: 5 }), fc.array(termDraft, { minLength: 1, maxLength: 3 })).map(([first, terms]) => {
    const { game, subjectId } = of;
    const reports = Array.from({ length: reportsOfCase }, (_, i) =>
      aReport({ game, subjectId, reporterId: `reporter-${i % 3}`, filedAt: isoTime(Date.UTC(2026, 0, 31, 9, i)) }),
    );
    const ids = reports.map(({ data }) => data.reportId);
    const histories: (readonly CaseProgressed[])[] = [workOn({ of, ids, before: [], term: 0 }, first)];
    terms.forEach(({ from, upTo, steps }, i) => {
      const earlier = histories[from % histories.length]!;
      const before = earlier.slice(0, upTo % (earlier.length + 1));
      histories.push(workOn({ of, ids, before, term: i + 1 }, [null, ...steps]));
    });
    const all = new Map(histories.flat().map((step) => [step.data.caseVersion, step]));
    return { of, reports, steps: [...all.values()], history: histories.at(-1)! };
  });

/** The steps themselves: what begins a term, and by turns an appeal, what is answered to it, and a note. */
export const stepsOf = ({ steps }: Pick<ContestedCase, 'steps'>): readonly CaseEvent[] => steps.map(stepBehind);

function stepBehind({ id: progressId, time, region, source, data }: CaseProgressed): CaseEvent {
  const { caseId, team, game, subjectId, homeRegion, caseVersion, basedOn } = data;
  const term = Math.floor(caseVersion / stepsPerTerm);
  const counter = caseVersion % stepsPerTerm;
  const common = { caseId, team, game, subjectId, caseVersion, by: 'worker-1' };
  const origin = { id: deriveUuidv7(progressId, 'step'), time, region, source };
  if (basedOn !== undefined && counter === (basedOn % stepsPerTerm) + 1) {
    return createEvent(caseAdopted, { ...origin, data: { ...common, term, basedOn, homeRegion } }) as CaseEvent;
  }
  // What an appeal is says its id, whichever term takes it up.
  const number = Math.ceil(counter / 3);
  const about = { ...common, appealId: `appeal-${number}`, decisionId: `${caseId}.${number}` };
  if (counter % 3 === 1) {
    const filed = { filedAt: isoTime(Date.UTC(2026, 0, 31, 10, number)), statementHeldIn: homeRegion };
    return createEvent(appealOpened, { ...origin, data: { ...about, ...filed } }) as CaseEvent;
  }
  if (counter % 3 === 2) {
    return createEvent(appealDecided, {
      ...origin,
      data: { ...about, outcome: 'upheld', facts: 'Looked at again.' },
    }) as CaseEvent;
  }
  return createEvent(caseNoted, { ...origin, data: { ...common, text: `Step ${caseVersion}.` } }) as CaseEvent;
}

interface Branch {
  readonly of: CaseOf;
  readonly ids: readonly string[];
  readonly before: readonly CaseProgressed[];
  readonly term: number;
}

type Decision = NonNullable<CaseProgressed['data']['decision']>;

/** The history with further steps of one term; the first step of a later one, null, begins it. */
function workOn({ of, ids, before, term }: Branch, drafts: readonly (StepDraft | null)[]): readonly CaseProgressed[] {
  const basedOn = before.at(-1)?.data.caseVersion ?? 0;
  const history = [...before];
  for (const draft of drafts) {
    const counter = ((history.at(-1)?.data.caseVersion ?? 0) % stepsPerTerm) + 1;
    const caseVersion = term * stepsPerTerm + counter;
    const decision = draft === null ? undefined : decisionOf(history, draft, caseVersion, ids);
    const claim =
      draft?.what === 'claim' ? { by: `worker-${draft.pick % 3}`, until: isoTime(Date.UTC(2026, 0, 31, 14)) } : null;
    const standing = { caseVersion, claim, ...(term === 0 ? {} : { basedOn }), ...(decision && { decision }) };
    history.push(progressed(of, standing));
  }
  return history;
}

function decisionOf(
  history: readonly CaseProgressed[],
  { what, pick, reports, verdict, state, end }: StepDraft,
  caseVersion: number,
  ids: readonly string[],
): Partial<Decision> | undefined {
  const reportIds = [...new Set(reports)].map((i) => ids[i]!);
  // The steps of two terms are taken at times of their own.
  const decidedAt = isoTime(
    Date.UTC(2026, 0, 31, 12) + (caseVersion % 1_000) * 60_000 + Math.floor(caseVersion / stepsPerTerm),
  );
  if (what === 'decide') return { verdict, state, reportIds, sanctioned: verdict === 'uphold', decidedAt };
  const known = new Map(
    history.flatMap(({ data }) => (data.decision ? [[data.decision.decisionId, data.decision] as const] : [])),
  );
  const one = [...known.values()][pick % Math.max(1, known.size)];
  if (one === undefined || what === 'claim') return undefined;
  return what === 'end' ? { ...one, state: end, reportIds: [] } : { ...one, reportIds };
}
