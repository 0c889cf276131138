import type { IsoTime } from '@ringside/core';

import { dueMs, lastOpenReportAt, type CaseFile } from './case-file.js';
import type { CaseRules } from './case-rules.js';

export interface PriorityFactor {
  readonly name: 'first' | 'severity' | 'reporters' | 'recency' | 'strikes' | 'deadline';
  readonly value: number;
  /** One sentence for the case worker. */
  readonly because: string;
}

export interface Priority {
  /** The product of the factors; higher comes first, but behind every case that has the factor `first`. */
  readonly score: number;
  readonly factors: readonly PriorityFactor[];
}

type Weighed = Pick<CaseFile, 'open' | 'strikes' | 'pausedMs' | 'heldSince'>;

/** In so many hours without a new report a case counts half; so many hours nearer to its deadline, twice. */
export const halfLifeHours = 72;
const hourMs = 3_600_000;
const halfLifeMs = halfLifeHours * hourMs;

/** As many as are the same at any time: behind them, recency and deadline are rounded differently. */
const scoreDigits = 10;

/** Beyond 2^±400 a factor says nothing more: it would only overflow. */
const doublingsMax = 400;

/** No case waits so many half-lives (over 30 years): what goes before everything does so in every list, whatever the others score. */
const firstDoublings = 4_096;
/** What stands for that in the score, which has to remain a number that can be read. */
const firstFactor = 2 ** 20;

const strikesCounted = 8;
const perStrike = 0.25;

/** The gravest reason that is open; undefined where none is. */
function gravestOf({ open }: Weighed, rules: CaseRules): { readonly reason: string; readonly severity: number } | undefined {
  let gravest: { reason: string; severity: number } | undefined;
  for (const reason in open.reasons) {
    const { severity } = rules.weigh(reason);
    if (gravest === undefined || gravest.severity < severity) gravest = { reason, severity };
  }
  return gravest;
}

/** An open reason that goes before everything. */
function firstReasonOf({ open }: Weighed, rules: CaseRules): string | undefined {
  for (const reason in open.reasons) if (rules.weigh(reason).first) return reason;
  return undefined;
}

/**
 * Reporters count by doublings: ten friends with a grudge weigh little more than eight. Fewer than one credible reporter count as
 * what they are.
 */
function reportersFactor(credibility: number): number {
  const credible = credibility / 100;
  return credible >= 1 ? 1 + Math.floor(Math.log2(credible)) : credible;
}

const strikesFactor = ({ strikes }: Weighed): number => 1 + perStrike * Math.min(strikes.prior, strikesCounted);

/** To the hour, so that a case does not move in its lists with every report of a busy hour. */
const freshHour = (file: Weighed): number => Math.floor(Date.parse(lastOpenReportAt(file)!) / hourMs) * hourMs;

/**
 * The place of a case among the others: log2 of its score. It does not depend on the time at which one asks, as a case loses by
 * the age of its last report at the rate at which it gains by the nearness of its deadline. So the order of two cases never
 * changes by itself, and lists need no rewriting while time passes.
 */
export function urgencyOf(file: Weighed, rules: CaseRules): number {
  const gravest = gravestOf(file, rules);
  if (gravest === undefined) return -Infinity;
  return (
    (firstReasonOf(file, rules) === undefined ? 0 : firstDoublings) +
    Math.log2(gravest.severity * reportersFactor(file.open.credibility) * strikesFactor(file)) +
    (freshHour(file) - dueMs(file, rules)) / halfLifeMs
  );
}

/** How urgent a case is at a time, and why. While it is on hold, its clock stands still. */
export function priorityOf(file: Weighed, rules: CaseRules, at: IsoTime): Priority {
  const factors = [
    ...firstOf(file, rules),
    severityOf(file, rules),
    reportersOf(file),
    ...timesOf(file, rules, Date.parse(file.heldSince !== null && file.heldSince < at ? file.heldSince : at)),
  ];
  const product = factors.reduce((score, { value }) => score * value, 1);
  return { score: Number(product.toPrecision(scoreDigits)), factors };
}

function firstOf(file: Weighed, rules: CaseRules): readonly PriorityFactor[] {
  const reason = firstReasonOf(file, rules);
  if (reason === undefined) return [];
  return [{ name: 'first', value: firstFactor, because: `${reason} goes before everything, however long other cases wait.` }];
}

function severityOf(file: Weighed, rules: CaseRules): PriorityFactor {
  const gravest = gravestOf(file, rules);
  if (gravest === undefined) return { name: 'severity', value: 0, because: 'Nothing is open.' };
  return { name: 'severity', value: gravest.severity, because: `${gravest.reason} is the gravest reason that is open.` };
}

function reportersOf({ open }: Weighed): PriorityFactor {
  const players = `${open.reporters} ${open.reporters === 1 ? 'player' : 'players'} reported what is open`;
  const credible = (open.credibility / 100).toFixed(2);
  const because =
    open.credibility === open.reporters * 100
      ? `${players}; each doubling adds one.`
      : `${players}; by what became of their earlier reports they count as ${credible}, and each doubling adds one.`;
  return { name: 'reporters', value: reportersFactor(open.credibility), because };
}

function timesOf(file: Weighed, rules: CaseRules, atMs: number): readonly PriorityFactor[] {
  const strikes: PriorityFactor = {
    name: 'strikes',
    value: strikesFactor(file),
    because:
      file.strikes.prior === 0
        ? 'The player has no strikes.'
        : `The player has ${plural(file.strikes.prior, 'strike')}; each adds a quarter, up to ${strikesCounted}.`,
  };
  if (file.open.reports === 0) {
    const because = 'Nothing is open.';
    return [{ name: 'recency', value: 1, because }, strikes, { name: 'deadline', value: 1, because }];
  }
  const [ageMs, leftMs] = [atMs - freshHour(file), dueMs(file, rules) - atMs];
  const held = file.heldSince === null ? '' : ', while the case is on hold';
  const recency: PriorityFactor = {
    name: 'recency',
    value: doublings(-ageMs / halfLifeMs),
    because: `The last open report came in ${whenIn(ageMs)}${held}; ${halfLifeHours} hours count half.`,
  };
  const deadline: PriorityFactor = {
    name: 'deadline',
    value: doublings(-leftMs / halfLifeMs),
    because: `It ${leftMs < 0 ? `was due ${hours(-leftMs)} ago` : `is due in ${hours(leftMs)}`}${held}; ${halfLifeHours} hours nearer count twice.`,
  };
  return [recency, strikes, deadline];
}

const doublings = (exponent: number): number => 2 ** Math.max(-doublingsMax, Math.min(doublingsMax, exponent));
const plural = (count: number, what: string): string => `${count} ${count === 1 ? what : `${what}s`}`;
/** Of an hour that began so long ago. */
const whenIn = (ageMs: number): string => (ageMs < hourMs ? 'within the last hour' : `about ${hours(ageMs)} ago`);
const hours = (ms: number): string => plural(Math.round(ms / hourMs), 'hour');
