import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openViewStore } from '@ringside/drivers';

import type { EventLog, Region } from './regions.fixture.js';

/** An event as it is stored, without what only the contract knows. */
export interface LyingEvent {
  readonly id: string;
  readonly type: string;
  readonly region: string;
  readonly topic: string;
  /** As JSON. */
  readonly text: string;
}

/** All that lies on the topics of a log, copies among it. */
export async function lyingIn(log: EventLog): Promise<readonly LyingEvent[]> {
  const lying: LyingEvent[] = [];
  for (const { topic, partitions } of await log.topics()) {
    for (let partition = 0; partition < partitions; partition++) {
      for await (const { id, bytes } of log.read({ topic, partition })) {
        const text = Buffer.from(bytes).toString('utf8');
        const { type, region } = JSON.parse(text) as { type: string; region: string };
        lying.push({ id, type, region, topic, text });
      }
    }
  }
  return lying;
}

export const idsOn = (topic: string, lying: readonly LyingEvent[]): readonly string[] =>
  [...new Set(lying.filter((event) => event.topic === topic).map(({ id }) => id))].sort();

/** Ids under which there is more than one text, with all of them. */
export function contradictionsIn(lying: readonly LyingEvent[]): readonly (readonly string[])[] {
  const texts = new Map<string, Set<string>>();
  for (const { id, text } of lying) texts.set(id, (texts.get(id) ?? new Set()).add(text));
  return [...texts.values()].filter(({ size }) => size > 1).map((different) => [...different]);
}

/** The rows of a region's views: `service/table/partition/key` -> the text of the value. Their numbers are the region's own. */
export async function rowsOf({ services, data }: Region, isWanted: (table: string) => boolean): Promise<Map<string, string>> {
  const rows = new Map<string, string>();
  for (const { name } of services) {
    const store = await openViewStore('embedded:', { dataDirectory: data, name });
    try {
      for (const physical of await store.tables()) {
        const table = /^(.*)_g\d+$/.exec(physical)?.[1];
        if (table === undefined || !isWanted(table)) continue;
        for await (const { partition, key, value } of store.scan(physical)) {
          rows.set([name, table, partition, key].join('/'), JSON.stringify(value));
        }
      }
    } finally {
      await store.close();
    }
  }
  return rows;
}

/** What one has and the other has not, or has otherwise; the first few. */
export function differencesOf(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): readonly string[] {
  const names = [...new Set([...one.keys(), ...other.keys()])].filter((name) => one.get(name) !== other.get(name));
  return names.slice(0, 10).map((name) => `${name}\n  ${one.get(name)}\n  ${other.get(name)}`);
}

/** Which of the texts are in the bytes of the files under a directory: names of files by text. */
export async function findTexts(directory: string, texts: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>(texts.map((text) => [text, []]));
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const bytes = await readFile(file);
    for (const [text, files] of found) if (bytes.includes(text)) files.push(file);
  }
  return found;
}
