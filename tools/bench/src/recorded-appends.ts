import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StreamAppend } from '@ringside/view-store';

const file = (filled: string): string => join(filled, 'appends.json');

export const keepAppends = (filled: string, appends: readonly StreamAppend[]): void =>
  writeFileSync(file(filled), JSON.stringify(appends));
export const keptAppends = (filled: string): readonly StreamAppend[] =>
  JSON.parse(readFileSync(file(filled), 'utf8')) as readonly StreamAppend[];
