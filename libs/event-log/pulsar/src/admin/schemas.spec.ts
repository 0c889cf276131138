import { afterEach, describe, expect, it } from '@jest/globals';
import { StartupError } from '@ringside/core';
import { fakeAdmin, type FakeAnswer } from './fake-admin.fixture.js';
import { createAdminCall } from './request.js';
import { registrySchema, uploadSchema } from './schemas.js';

const object = (properties: object) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

const optional = (name: string, type: unknown) => ({ name, type: ['null', type], default: null });

describe('the schema for the registry', () => {
  it('has the fields of all events, none of them required', () => {
    const first = object({
      id: { type: 'string', pattern: '^a' },
      type: { const: 'A' },
      data: object({ at: { type: 'integer' } }),
    });
    const second = object({
      id: { type: 'string' },
      type: { const: 'B' },
      data: object({ share: { type: 'number' }, on: { type: 'boolean' } }),
    });
    const data = {
      type: 'record',
      name: 'Event_data',
      fields: [optional('at', 'long'), optional('share', 'double'), optional('on', 'boolean')],
    };
    expect(registrySchema([first, second])).toEqual({
      schema: {
        type: 'record',
        name: 'Event',
        fields: [optional('id', 'string'), optional('type', 'string'), optional('data', data)],
      },
      omitted: [],
    });
  });

  it('has lists and maps', () => {
    const lines = { type: 'array', items: object({ text: { enum: ['a', 'b'] } }) };
    const scores = { type: 'object', additionalProperties: { type: 'number' } };
    const item = { type: 'record', name: 'Event_lines_items', fields: [optional('text', 'string')] };
    expect(registrySchema([object({ lines, scores })]).schema.fields).toEqual([
      optional('lines', { type: 'array', items: item }),
      optional('scores', { type: 'map', values: 'double' }),
    ]);
  });

  it('tells whole numbers from others where values are listed', () => {
    const listed = { version: { type: 'number', const: 2 }, step: { enum: [1, 2] }, share: { enum: [0.5, 1] } };
    expect(registrySchema([object(listed)]).schema.fields).toEqual([
      optional('version', 'long'),
      optional('step', 'long'),
      optional('share', 'double'),
    ]);
  });

  it('has what may be null, as every field may be there', () => {
    const orNull = (schema: object) => ({ anyOf: [schema, { type: 'null' }] });
    const first = object({
      until: orNull({ type: 'string' }),
      claim: orNull(object({ by: { type: 'string' } })),
      scores: { type: 'array', items: orNull({ type: 'number' }) },
      either: orNull({ anyOf: [{ type: 'string' }, { type: 'number' }] }),
    });
    const { schema, omitted } = registrySchema([first, object({ until: { type: 'string' } })]);
    expect(schema.fields).toEqual([
      optional('until', 'string'),
      optional('claim', { type: 'record', name: 'Event_claim', fields: [optional('by', 'string')] }),
      optional('scores', { type: 'array', items: ['null', 'double'] }),
    ]);
    expect(omitted).toEqual(['/either has no single type']);
  });

  it('leaves out what the registry cannot carry, and says so', () => {
    const one = object({
      id: { type: 'string' },
      free: { type: 'object' },
      'x-y': { type: 'string' },
      either: { anyOf: [] },
      mixed: { enum: ['a', 1] },
      n: { type: 'integer' },
    });
    const { schema, omitted } = registrySchema([one, object({ n: { type: 'string' } })]);
    expect(schema.fields.map(({ name }) => name)).toEqual(['id']);
    expect(omitted).toEqual([
      '/free may have any fields',
      '/x-y has no name that Avro takes',
      '/either has no single type',
      '/mixed has no single type',
      '/n is integer in one event and string in another',
    ]);
  });
});

describe('uploading it', () => {
  let close: () => Promise<void>;
  afterEach(() => close());

  const upload = async (answer: (method: string) => FakeAnswer) => {
    const server = await fakeAdmin(({ method }) => answer(method));
    ({ close } = server);
    const call = createAdminCall({ adminUrl: server.adminUrl, token: async () => undefined });
    const place = { tenant: 'acme', namespace: 'eu', topic: 'reports' };
    await uploadSchema(call, place, registrySchema([object({ id: { type: 'string' } })]).schema);
    return server.seen[0]!;
  };

  it('gives it to the topic', async () => {
    const { method, path, body } = await upload(() => ({ status: 200 }));
    expect([method, path]).toEqual(['POST', 'schemas/acme/eu/reports/schema']);
    const { type, schema } = JSON.parse(body) as { type: string; schema: string };
    expect(type).toBe('JSON');
    expect(JSON.parse(schema)).toEqual({ type: 'record', name: 'Event', fields: [optional('id', 'string')] });
  });

  const notFitting = (existing: object) =>
    upload((method) => (method === 'POST' ? { status: 409 } : { status: 200, body: existing }));

  it('stops the start where it does not fit, and says in one sentence which field changed', async () => {
    const { schema } = registrySchema([object({ id: { type: 'integer' }, at: { type: 'integer' } })]);
    const refused = notFitting({ type: 'JSON', data: JSON.stringify(schema) });
    await expect(refused).rejects.toThrow(StartupError);
    await expect(refused).rejects.toThrow(
      /^The events of topic "reports" do not fit the schema that Pulsar has for it \(\/id was long and is string\): [^.]+\.$/,
    );
  });

  it('says what else is there in its place', async () => {
    const refused = notFitting({ type: 'PROTOBUF', data: 'message Report {}' });
    await expect(refused).rejects.toThrow(StartupError);
    await expect(refused).rejects.toThrow(/somebody else has put one of type PROTOBUF there/);
  });
});
