import type { Position } from '@ringside/event-log';

/** How far somebody has come: the last position of each source partition, by `<topic>/<partition>`. */
export type Place = ReadonlyMap<string, Position>;

export const sourceName = (topic: string, partition: number): string => `${topic}/${partition}`;

const positionShape = /^[\w:.+/=-]{1,128}$/;
const idBytesMax = 8_192;

/** A place as the id of a server-sent event: one line, opaque to clients. */
export const idOfPlace = (place: Place): string => Buffer.from(JSON.stringify([...place])).toString('base64url');

/** The place that a client says it has come to; undefined for what no place is. */
export function placeOfId(id: string): Place | undefined {
  if (id.length > idBytesMax) return undefined;
  try {
    const entries: unknown = JSON.parse(Buffer.from(id, 'base64url').toString('utf8'));
    return Array.isArray(entries) && entries.every(isEntry) ? new Map(entries) : undefined;
  } catch {
    return undefined;
  }
}

const isEntry = (entry: unknown): entry is [string, Position] =>
  Array.isArray(entry) && entry.length === 2 && entry.every((part) => typeof part === 'string' && positionShape.test(part));
