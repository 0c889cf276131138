import Table from 'cli-table3';
import pc from 'picocolors';

/** A table for a terminal, and without colours for what is none: the table itself would put them in wherever it is printed. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({ head: head.map((title) => pc.bold(title)), style: { head: [], border: [] } });
  for (const row of rows) table.push([...row]);
  return table.toString();
}
