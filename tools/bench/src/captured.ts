import type { Views } from '@ringside/team-kit';

/** How many reports the queue figures of a team count, over all days. */
export async function capturedIn(views: Views, figuresTable: string): Promise<number> {
  let captured = 0;
  for await (const { partition, value } of views.scan(figuresTable)) {
    if (partition !== 'open') captured += Number(value['captured'] ?? 0);
  }
  return captured;
}
