import { setTimeout as pause } from 'node:timers/promises';
import { compareCase, type Difference } from './compare-case.js';
import { inParallel } from './drive.js';
import type { Expectation, ExpectedCase } from './expectation.js';
import type { CaseSeen, TeamClient } from './team-client.js';

export interface VerifyOptions {
  readonly teams: readonly TeamClient[];
  readonly expectation: Expectation;
  /** Queries at the same time. */
  readonly width: number;
  /** How long the teams may take to get any further while reports are missing, in ms. */
  readonly patienceMs: number;
  readonly onProgress?: (phase: 'waiting' | 'checking', done: number, total: number) => void;
}

export interface Verdict {
  readonly differences: readonly Difference[];
  readonly subjects: number;
  readonly cases: number;
  /** Reports read in cases: one that two teams have counts twice. */
  readonly reports: number;
  /** Reports whose outcome their sender never learned and that a case holds. */
  readonly unknownFound: number;
  /** How long it took until the last report was in its case, seen from the start of the verification, in ms. */
  readonly waitedMs: number;
}

/** One subject as one team shows it. */
interface Check {
  readonly team: TeamClient;
  readonly subjectId: string;
}

interface Checked {
  readonly differences: readonly Difference[];
  readonly cases: readonly CaseSeen[];
  readonly reports: number;
  readonly unknownFound: number;
}

/**
 * Checks through the public API alone that every accepted report is in the case of each team that must have it, once, as it was
 * sent, and in no other case of these subjects; that the figures of the cases agree, and that the open lists have them.
 * Waits until nothing is missing, or nothing more comes; then everything is checked anew.
 */
export async function verify(options: VerifyOptions): Promise<Verdict> {
  const { teams, expectation } = options;
  const checks = expectation.subjects.flatMap((subjectId) => teams.map((team) => ({ team, subjectId })));
  const startedAt = performance.now();
  await waitUntilNothingIsMissing(checks, options);
  const waitedMs = performance.now() - startedAt;
  const { checked } = await checkAll(checks, options, 'checking');
  const listed = await checkLists(checked, teams);
  const sum = (figure: (one: Checked) => number): number => checked.reduce((total, { result }) => total + figure(result), 0);
  return {
    differences: [...checked.flatMap(({ result }) => result.differences), ...listed],
    subjects: expectation.subjects.length,
    cases: sum(({ cases }) => cases.length),
    reports: sum(({ reports }) => reports),
    unknownFound: sum(({ unknownFound }) => unknownFound),
    waitedMs,
  };
}

async function waitUntilNothingIsMissing(checks: readonly Check[], options: VerifyOptions): Promise<void> {
  let missingBefore = Infinity;
  let left = checks;
  for (let giveUpAt = 0; ;) {
    const { checked } = await checkAll(left, options, 'waiting');
    const behind = checked.filter(({ result }) => result.differences.length > 0);
    const missing = behind.reduce((sum, { result }) => sum + result.differences.length, 0);
    if (missing === 0) return;
    if (missing < missingBefore) giveUpAt = performance.now() + options.patienceMs;
    if (performance.now() > giveUpAt) return;
    missingBefore = Math.min(missing, missingBefore);
    left = behind.map(({ check }) => check);
    await pause(200);
  }
}

async function checkAll(checks: readonly Check[], options: VerifyOptions, phase: 'waiting' | 'checking') {
  const checked: { readonly check: Check; readonly result: Checked }[] = [];
  await inParallel(checks, options.width, async (check) => {
    checked.push({ check, result: await checkSubject(check, options.expectation) });
    options.onProgress?.(phase, checked.length, checks.length);
  });
  return { checked };
}

async function checkSubject({ team, subjectId }: Check, expectation: Expectation): Promise<Checked> {
  const expected = expectation.casesOf(team.team, subjectId);
  const files = await team.casesAbout(subjectId);
  const differences: Difference[] = [];
  const differ = (kind: Difference['kind'], detail: string): void => {
    differences.push({ kind, team: team.team, subjectId, detail });
  };
  const seen = new Map<string, ExpectedCase | undefined>();
  let [reports, unknownFound] = [0, 0];
  for (const file of files) {
    if (file.subjectId !== subjectId || file.team !== team.team) {
      differ('misplaced', `the case ${file.caseId} is on ${file.subjectId}, of ${file.team}`);
    }
    if (seen.has(file.game)) differ('doubled', `has two cases in ${file.game}`);
    const match = expected.find(({ game }) => game === file.game);
    seen.set(file.game, match);
    const [listed, evidence] = await Promise.all([team.reportsOf(file.caseId), team.evidenceOf(file.caseId)]);
    const compared = compareCase({ file, reports: listed, evidence }, match, expectation);
    differences.push(...compared.differences);
    reports += listed.length;
    unknownFound += compared.unknownFound;
  }
  for (const { game, accepted } of expected) {
    if (seen.has(game)) continue;
    for (const reportId of accepted.keys()) {
      differences.push({
        kind: 'lost',
        team: team.team,
        subjectId,
        reportId,
        detail: `there is no case on ${subjectId} in ${game}`,
      });
    }
  }
  return { differences, cases: files, reports, unknownFound };
}

/** Each case with reports must be in its team's open list, once. */
async function checkLists(
  checked: readonly { readonly check: Check; readonly result: Checked }[],
  teams: readonly TeamClient[],
): Promise<readonly Difference[]> {
  const differences: Difference[] = [];
  for (const team of teams) {
    const times = new Map<string, number>();
    for await (const caseId of team.openCases()) times.set(caseId, (times.get(caseId) ?? 0) + 1);
    for (const { check, result } of checked) {
      if (check.team !== team) continue;
      for (const { caseId, game } of result.cases) {
        const listed = times.get(caseId) ?? 0;
        if (listed === 1) continue;
        const detail = `the open list has the case in ${game} ${listed} times instead of once`;
        differences.push({ kind: 'unlisted', team: team.team, subjectId: check.subjectId, detail });
      }
    }
  }
  return differences;
}
