import type { RowWrite, ViewStore } from '@ringside/view-store';

/** How far the log has the streams: one row each. What lies behind its version may be there as well. */
export const publicationsTable = 'case_publications';

const rowOf = (stream: string) => ({ table: publicationsTable, partition: stream, key: 'published' });

/** The row's timestamp is the version: it only rises, whoever writes it and however late. */
export const publishedWrites = (stream: string, version: number): readonly RowWrite[] =>
  version === 0 ? [] : [{ kind: 'put', ...rowOf(stream), timestamp: version, value: { version } }];

export const publishedOf = async (store: ViewStore, stream: string): Promise<number> =>
  (await store.get(rowOf(stream)))?.timestamp ?? 0;
