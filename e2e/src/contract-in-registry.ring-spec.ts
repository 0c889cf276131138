import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openEventLog } from '@ringside/drivers';
import { recordSchemasOf, reportsTopic, topics, type JsonSchema } from '@ringside/events';
import { freePortBase } from '@ringside/service-processes';
import { endAll, runNode, type Running } from './processes.fixture.js';
import { allReady, fileOne } from './ring.fixture.js';

/*
 * What the services tell a real Pulsar of their events. Each test has a namespace of its own, which is to say a registry of its
 * own. The views are embedded: they play no part in it.
 */
const apps = ['report-intake', 'cheating-team', 'abuse-team', 'others-triage'];

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'ringside-registry-'));
});
afterAll(async () => {
  await endAll();
  await rm(data, { recursive: true, force: true });
}, 60_000);

function namespaceOfItsOwn() {
  const broker = process.env['RINGSIDE_TEST_PULSAR'];
  if (broker === undefined) throw new Error('Run this with npm run test:ring: it starts servers.');
  const name = `registry${randomBytes(3).toString('hex')}`;
  const url = new URL(broker.replace('pulsar+ws:', 'http:'));
  return {
    eventLogUrl: `pulsar+ws://${url.host}/ringside/${name}${url.search}`,
    /** The versions of a topic's schema, oldest first. */
    async schemas(topic: string): Promise<readonly { readonly type: string; readonly data: string }[]> {
      const response = await fetch(`http://${url.host}/admin/v2/schemas/ringside/${name}/${topic}/schemas`);
      const { getSchemaResponses } = (await response.json()) as {
        getSchemaResponses: { type: string; data: string }[];
      };
      return getSchemaResponses;
    },
  };
}

/** A team does not start without keys. No route that asks for a token is called here, so the set has none. */
const nobodyMayCall = { RINGSIDE_AUTH_JWKS: 'data:application/json,{"keys":[]}', RINGSIDE_AUTH_ISSUER: 'nobody' };

const start = (app: string, eventLogUrl: string, port: number): Running =>
  runNode(`apps/${app}/dist/main.js`, [], {
    RINGSIDE_EVENT_LOG: eventLogUrl,
    RINGSIDE_DATA: data,
    RINGSIDE_PORT: String(port),
    ...(app !== 'report-intake' && nobodyMayCall),
  });

/** Makes the reports' topic as a deployment would whose contract says this of it. */
async function createUnder(eventLogUrl: string, schemas: readonly JsonSchema[]): Promise<void> {
  const log = await openEventLog(eventLogUrl, { dataDirectory: data, schemasOf: () => schemas });
  try {
    await log.createTopic(reportsTopic.topic, reportsTopic);
  } finally {
    await log.close();
  }
}

interface AvroField {
  readonly name: string;
  readonly type: readonly [null: string, type: string | { readonly fields: readonly AvroField[] }];
}

/** Type by the name of the field, as the registry has it. */
const typesOf = (fields: readonly AvroField[]): Record<string, unknown> =>
  Object.fromEntries(
    fields.map(({ name, type: [, type] }) => [
      name,
      typeof type === 'object' && 'fields' in type ? typesOf(type.fields) : type,
    ]),
  );

describe("the events in Pulsar's registry of schemas", () => {
  it('are put there by whichever service starts first, once, and reports travel', async () => {
    const { eventLogUrl, schemas } = namespaceOfItsOwn();
    const portBase = await freePortBase();
    const services = apps.map((name, offset) => ({ name, url: `http://127.0.0.1:${portBase + offset}` }));
    const processes = apps.map((app, offset) => start(app, eventLogUrl, portBase + offset));
    await allReady({ services }, 60);
    for (const { topic } of topics) expect(await schemas(topic)).toMatchObject([{ type: 'JSON' }]);
    const [schema] = await schemas(reportsTopic.topic);
    expect(typesOf((JSON.parse(schema!.data) as { fields: AvroField[] }).fields)).toMatchObject({
      id: 'string',
      sequence: 'long',
      data: { reportId: 'string', hasEvidence: 'boolean', priorReasons: { type: 'array', items: 'string' } },
    });
    expect(await fileOne(services[0]!.url)).toMatchObject({ status: 202 });
    for (const process of processes) process.signal('SIGTERM');
    expect(await Promise.all(processes.map(({ exited }) => exited))).toEqual(apps.map(() => 0));
  }, 120_000);

  it('keep a service from starting where they do not fit, in one sentence', async () => {
    const { eventLogUrl, schemas } = namespaceOfItsOwn();
    const text = JSON.stringify(recordSchemasOf(reportsTopic.topic));
    const foreign = text.replaceAll('"hasEvidence":{"type":"boolean"}', '"hasEvidence":{"type":"string"}');
    expect(foreign).not.toBe(text);
    await createUnder(eventLogUrl, JSON.parse(foreign) as JsonSchema[]);
    const portBase = await freePortBase();
    for (const app of ['report-intake', 'cheating-team']) {
      const process = start(app, eventLogUrl, portBase);
      expect([await process.exited, process.stderr()]).toEqual([
        1,
        `${app}: The events of topic "reports" do not fit the schema that Pulsar has for it (/data/hasEvidence was string and ` +
          'is boolean): a published event never changes, so give what has changed a version and a field of its own.\n',
      ]);
    }
    expect(await schemas(reportsTopic.topic)).toHaveLength(1);
  }, 120_000);

  it('fit those of the release before, and those of the release before fit them', async () => {
    const { eventLogUrl, schemas } = namespaceOfItsOwn();
    const now = recordSchemasOf(reportsTopic.topic);
    // Times were numbers then: in the union of both versions they have two types, which the registry cannot say.
    const before = now.filter(({ title }) => title === 'ReportFiled version 1');
    expect(before).toHaveLength(1);
    for (const release of [before, now, before, now]) await createUnder(eventLogUrl, release);
    expect(await schemas(reportsTopic.topic)).toHaveLength(2);
  }, 60_000);
});
