import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { defineEvent, firstVersion, type EventDefinition } from '../define-event.js';
import { opaqueId } from '../fields.js';
import { reportsTopic, topics } from '../topics.js';
import { readPublication, writePublication } from './files.js';
import { publish } from './publish.js';

const v1 = firstVersion({ data: z.strictObject({ id: opaqueId }), key: 'id' });
const stream = ({ id }: { readonly id: string }) => id;
const common = { type: 'Counted', topic: reportsTopic, stream, sequence: () => 1 } as const;
const first = defineEvent({ ...common, versions: v1 });
const second = defineEvent({
  ...common,
  versions: v1.next({
    data: z.strictObject({ id: opaqueId, count: z.int() }),
    key: 'id',
    upcast: ({ id }) => ({ id, count: 0 }),
  }),
});
const changed = defineEvent({
  ...common,
  versions: firstVersion({ data: z.strictObject({ id: opaqueId, name: opaqueId }), key: 'id' }),
});

describe('publishing', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'publication-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const publishInto = (...definitions: readonly EventDefinition[]) => {
    const outcome = publish({ topics, definitions }, readPublication(folder));
    if (outcome.ok) writePublication(folder, outcome.value);
    return outcome;
  };

  it('writes what the next run reads, and then changes nothing', () => {
    const outcome = publishInto(first);
    expect(outcome.ok && [...outcome.value.schemas.keys()]).toEqual(['Counted/v1']);
    const once = readPublication(folder);
    publishInto(first);
    expect(readPublication(folder)).toEqual(once);
  });

  it('adds a new version and leaves the published one as it is', () => {
    publishInto(first);
    const before = readPublication(folder);
    publishInto(second);
    const after = readPublication(folder);
    expect([...after.published.keys()]).toEqual(['Counted/v1', 'Counted/v2']);
    expect(after.schemas.get('Counted/v1')).toBe(before.schemas.get('Counted/v1'));
  });

  it('refuses a change of a published version and writes nothing', () => {
    publishInto(first);
    const before = readPublication(folder);
    expect(publishInto(changed)).toMatchObject({ ok: false, error: [{ code: 'schema_changed', about: 'Counted/v1' }] });
    expect(readPublication(folder)).toEqual(before);
  });

  it('restores a published file that was edited', () => {
    publishInto(first);
    const before = readPublication(folder);
    writePublication(folder, { ...before, schemas: new Map([['Counted/v1', '{}']]) });
    expect(publishInto(first).ok).toBe(true);
    expect(readPublication(folder)).toEqual(before);
  });
});
