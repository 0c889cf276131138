import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { codecOf } from './codec.js';
import { createEvent } from './create-event.js';
import { defineEvent, firstVersion, type EventOf } from './define-event.js';
import { opaqueId } from './fields.js';
import { reportsTopic } from './topics.js';

const bytesOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value), 'utf8');
const time = '2026-01-31T12:00:00.000Z';

describe('upcasting', () => {
  const context: unknown[] = [];
  const v1 = z.strictObject({ id: opaqueId, n: z.int() });
  const counted = defineEvent({
    type: 'Counted',
    topic: reportsTopic,
    stream: ({ id: stream }) => stream,
    sequence: () => 1,
    versions: firstVersion({ data: v1, key: 'id' })
      .next({
        data: z.strictObject({ id: opaqueId, steps: z.array(z.string()) }),
        key: 'id',
        upcast: ({ id: same, n }, seen) => {
          if (n === 13) throw new Error('thirteen');
          context.push(seen);
          return { id: same, steps: [`from ${n}`] };
        },
      })
      .next({
        data: z.strictObject({ id: opaqueId, steps: z.array(z.string()).max(2) }),
        key: 'id',
        upcast: ({ id: same, steps }) => ({ id: same, steps: [...steps, 'to 3'] }),
      }),
  });
  const { encode, decode } = codecOf<EventOf<typeof counted>>([counted]);
  const current = createEvent(counted, {
    time,
    region: 'eu-west-1',
    source: 'report-intake',
    data: { id: 'c', steps: ['now'] },
  });
  const older = (version: number, data: unknown) => decode(bytesOf({ ...current, version, data }));

  it('goes one version at a time, from any of them, and leaves the rest of the event as it was', () => {
    expect(decode(encode(current))).toEqual({ ok: true, value: current });
    expect(older(2, { id: 'c', steps: ['2'] })).toEqual({
      ok: true,
      value: { ...current, data: { id: 'c', steps: ['2', 'to 3'] } },
    });
    expect(older(1, { id: 'c', n: 7 })).toEqual({
      ok: true,
      value: { ...current, data: { id: 'c', steps: ['from 7', 'to 3'] } },
    });
  });

  it('tells an upcaster what the envelope says', () => {
    context.length = 0;
    older(1, { id: 'c', n: 7 });
    const { data: _, version: __, ...envelope } = current;
    expect(context).toEqual([envelope]);
  });

  it('answers an upcaster that throws, or makes invalid data, with a violation', () => {
    expect(older(1, { id: 'c', n: 13 })).toEqual({
      ok: false,
      error: {
        ...{ code: 'upcast_failed', pointers: [] },
        message: 'Counted version 1, brought to version 3, made an upcaster throw.',
      },
    });
    expect(older(2, { id: 'c', steps: ['1', '2'] })).toEqual({
      ok: false,
      error: {
        ...{ code: 'upcast_failed', pointers: ['/data/steps'] },
        message: 'Counted version 2, brought to version 3, is not valid: /data/steps is too long or too large.',
      },
    });
  });

  it('gives an upcaster only valid data of its version', () => {
    context.length = 0;
    expect(older(1, { id: 'c', n: 'seven' })).toMatchObject({ ok: false, error: { code: 'invalid_data' } });
    expect(context).toEqual([]);
  });
});
