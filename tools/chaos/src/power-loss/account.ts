import { createHash } from 'node:crypto';

/** What the recorded process does and what an image is asked for: both sides know it, so that nothing has to be handed over. */
export const topics = [
  { topic: 'reports', partitions: 2 },
  { topic: 'evidence', partitions: 1 },
] as const;

export const tables = ['cases', 'reports'] as const;
export const stream = 'case-1';
export const subscription = 'views';

/** Every third append is of two records, on two topics: they are there together or not at all. */
export const topicsOf = (id: number): readonly string[] =>
  id % 3 === 0 ? topics.map(({ topic }) => topic) : [topics[0].topic];

/** Bytes that nobody else has: small ones, some as large as a page, some larger than several. */
export function bytesOf(id: number): Buffer {
  const size = id % 11 === 0 ? 9_000 + id : id % 5 === 0 ? 4_000 : 40 + ((id * 37) % 700);
  const word = createHash('sha256').update(String(id)).digest();
  return Buffer.alloc(size, word);
}

export const textOf = (ordinal: number): string => bytesOf(ordinal).toString('base64');

/** One line of what was acknowledged: of the log an id, of the store an ordinal, of the stream a version. */
export type Acknowledged = `${'append' | 'write' | 'stream'} ${number}` | 'ready';
