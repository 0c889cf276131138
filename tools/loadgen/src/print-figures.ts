import Table from 'cli-table3';
import type { Percentiles, RunFigures } from './figures.js';
import type { Verdict } from './verify.js';

const differencesShownMax = 20;

const whole = (count: number): string => count.toLocaleString('en-US');
const ms = (duration: number): string => duration.toFixed(duration < 10 ? 2 : duration < 100 ? 1 : 0);

export function figuresTable(figures: RunFigures): string {
  const { accepted, seconds, acceptedPerSecond, visibility } = figures;
  const counts = new Table({ style: { head: [], border: [] } });
  counts.push(
    { reports: whole(figures.reports) },
    { accepted: `${whole(accepted)} in ${seconds.toFixed(1)} s, ${acceptedPerSecond.toFixed(1)}/s` },
    { refused: listOf(figures.refused) },
    { 'outcome unknown': listOf(figures.unknown) },
    { 'sent again': listOf(figures.retries) },
  );
  const durations = new Table({ head: ['ms', 'p50', 'p90', 'p99', 'p99.9', 'max', 'of'], style: { head: [], border: [] } });
  durations.push(durationRow('until the 202', figures.acceptedMs), durationRow('202 until visible', figures.visibleMs));
  const notes = [
    `Visible: in its team's case; looked for every 1 ms on a connection of its own, a look takes ${ms(visibility.lookMsMedian)} ms` +
      (visibility.notSeen > 0 ? `; ${whole(visibility.notSeen)} did not show in time, or their service was away.` : '.'),
  ];
  return [counts.toString(), durations.toString(), ...notes].join('\n');
}

function durationRow(name: string, figures: Percentiles | null): string[] {
  if (figures === null) return [name, '-', '-', '-', '-', '-', '0'];
  const { p50, p90, p99, p999, max, count } = figures;
  return [name, ms(p50), ms(p90), ms(p99), ms(p999), ms(max), whole(count)];
}

function listOf(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return entries.length === 0 ? '0' : entries.map(([name, count]) => `${whole(count)} ${name}`).join(', ');
}

/** What the verification found: one sentence where all is well. */
export function verdictText(verdict: Verdict, teams: readonly string[]): string {
  const { differences, subjects, cases, reports, unknownFound } = verdict;
  const scope = `${whole(subjects)} subjects, ${whole(cases)} cases, ${whole(reports)} reports in them, of ${teams.join(', ')}`;
  const late = unknownFound > 0 ? ` ${whole(unknownFound)} reports of unknown outcome were stored, none of them twice.` : '';
  if (differences.length === 0) return `Verified: nothing lost, nothing doubled, nothing in the wrong place (${scope}).${late}`;
  const shown = differences.slice(0, differencesShownMax).map(({ kind, team, subjectId, reportId, detail }) => {
    return `  ${kind.padEnd(10)} ${team}: ${reportId === undefined ? subjectId : `report ${reportId}`} ${detail}`;
  });
  const more = differences.length - shown.length;
  return [
    `NOT verified: ${whole(differences.length)} differences (${scope}).${late}`,
    ...shown,
    ...(more > 0 ? [`  and ${whole(more)} more`] : []),
  ].join('\n');
}
