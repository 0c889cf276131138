import Table from 'cli-table3';
import type { Parity, RebuildReport, RowDifference } from '@ringside/team-kit';

const shownMax = 20;
const number = (value: number): string => value.toLocaleString('en-US');

/** Rows compared, differences, and what came of it. */
export function reportText(report: RebuildReport, check: boolean): string {
  const { parity, events, generation, live } = report;
  const again = parity.lookedAtAgain;
  const lines = [
    `${number(events)} events were read into generation ${generation} of the views.`,
    tableOf(parity),
    ...(again > 0
      ? [`${number(again)} of the rows were on the move, and were compared again at a watermark of their own.`]
      : []),
    ...differencesText(parity.differences),
  ];
  const outcome = check
    ? `The live views stay as they are; generation ${generation} was dropped again.`
    : live
      ? `Generation ${generation} is live: running services follow within seconds. --rollback goes back, --drop-old makes it final.`
      : `Generation ${generation} was dropped: the live views stay. Where a projection has changed, --accept-differences goes over to it.`;
  return [...lines, outcome].join('\n');
}

function tableOf({ rows, differences }: Parity): string {
  const table = new Table({
    head: ['table', 'rows compared', 'differences'],
    colAligns: ['left', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const [name, count] of rows) {
    table.push([name, number(count), number(differences.filter((one) => one.table === name).length)]);
  }
  return table.toString();
}

function differencesText(differences: readonly RowDifference[]): readonly string[] {
  if (differences.length === 0) return ['The rebuilt views equal the live ones, row for row.'];
  const shown = differences.slice(0, shownMax).map(lineOf);
  const more = differences.length > shownMax ? [`  and ${number(differences.length - shownMax)} more`] : [];
  return [`The rebuilt views differ from the live ones in ${number(differences.length)} rows:`, ...shown, ...more];
}

const lineOf = ({ table, partition, key, kind, fields }: RowDifference): string =>
  `  ${table}  ${JSON.stringify(partition)}  ${JSON.stringify(key)}: ${kind}${fields.length > 0 ? ` in ${fields.join(', ')}` : ''}`;
