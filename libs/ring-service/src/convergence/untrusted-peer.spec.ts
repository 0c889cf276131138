import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { deriveUuidv7 } from '@ringside/core';
import { placementOf } from '@ringside/data-ring';
import { encodeEvent, type RingsideEvent } from '@ringside/events';
import { aReport, evidenceOf, until } from '@ringside/testing';

import { hashOf } from '../holdings/digest.js';
import { bucketOf, dayOf } from '../holdings/holdings.js';
import { policy, startPlatformRing, type PlatformRegion, type PlatformRing } from '../platform-ring.fixture.js';

/** What the peer answers, by path; a string is sent as it is. */
type Answers = Readonly<Record<string, object | string | ((request: IncomingMessage) => object | string)>>;

let server: Server;
let answers: Answers = {};
let asked: string[] = [];
let hangs = false;
beforeAll(async () => {
  server = createServer((request, response) => {
    const path = request.url!.split('?')[0]!.replace('/v1/ring/', '');
    asked.push(request.url!);
    if (hangs) return void request.socket.destroy();
    const answer = answers[path] ?? {
      region: 'us',
      topic: new URL(request.url!, 'http://peer').searchParams.get('topic'),
      items: [],
    };
    const body = typeof answer === 'function' ? answer(request) : answer;
    response.writeHead(200, { 'content-type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

let ring: PlatformRing;
let eu: PlatformRegion;
beforeEach(async () => {
  [answers, asked, hangs] = [{}, [], false];
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  ring = await startPlatformRing({ names: ['eu'], peersOf: () => [{ region: 'us', url }] });
  eu = ring.region('eu');
  await ring.settle();
});
afterEach(() => ring.close());

const report = (given: Partial<RingsideEvent> = {}): RingsideEvent =>
  ({ ...aReport({ subjectId: 'eu-1', subjectHomeRegion: 'eu' }), region: 'us', ...given }) as RingsideEvent;

interface Offer {
  readonly topic?: string;
  readonly id: string;
  readonly bucket: string;
  readonly hash: string;
  /** ms since the epoch; 1 where absent. */
  readonly takenAt?: number;
  /** What it sends when it is asked for the event. */
  readonly items: readonly { readonly id: string; readonly base64: string }[];
}

/** A peer that says that it holds one event, and sends what it likes for it. */
function offering({ topic = 'reports', id, bucket, hash, takenAt = 1, items }: Offer): Answers {
  const of = (request: IncomingMessage, found: readonly object[]): object => {
    const { searchParams } = new URL(request.url!, 'http://peer');
    return { region: 'us', topic: searchParams.get('topic'), items: searchParams.get('topic') === topic ? found : [] };
  };
  const tally = { events: 1, digest: hash };
  return {
    digests: (request) => of(request, [{ name: request.url!.includes('&day=') ? bucket : dayOf(bucket), ...tally }]),
    holdings: (request) => of(request, [{ id, hash, takenAt }]),
    records: (request) => of(request, items),
  };
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** As an honest peer offers an event, but for what is given. */
function offerOf(event: RingsideEvent, given: Partial<Offer> = {}): Answers {
  const { key } = placementOf(policy, 'us').recordOf(event);
  const bytes = encodeEvent(event);
  const { id } = event;
  return offering({ id, bucket: bucketOf(id, key), hash: hashOf(id, bytes), items: [{ id, base64: base64(bytes) }], ...given });
}

interface Round {
  readonly problem: string | null;
  readonly topics: readonly { readonly topic: string; readonly restored: number }[];
  readonly refused: readonly { readonly reason: string; readonly detail: string }[];
}
const repair = async (): Promise<Round> =>
  (await eu.ask<{ peers: readonly [Round] }>('/v1/ring/repair', { method: 'POST', body: {} })).body.peers[0];
const everything = async (): Promise<readonly string[]> =>
  (await Promise.all(['reports', 'cases.eu', 'cases.us', 'report-evidence'].map((topic) => eu.ids(topic)))).flat();

it('an event that is as it should be is taken', async () => {
  const event = report();
  answers = offerOf(event);
  expect(await repair()).toMatchObject({
    problem: null,
    refused: [],
    topics: expect.arrayContaining([expect.objectContaining({ topic: 'reports', restored: 1 })]),
  });
  expect(await eu.ids('reports')).toEqual([event.id]);
});

const event = report();
const other = report();
const evidence = { ...evidenceOf(aReport({ subjectId: 'eu-1' })), region: 'us' };
const bytesOf = (one: RingsideEvent): Uint8Array => encodeEvent(one);
const sent = (id: string, bytes: Uint8Array): Partial<Offer> => ({
  items: [{ id, base64: base64(bytes) }],
  hash: hashOf(id, bytes),
});

const refusals: readonly (readonly [what: string, Answers, reason: string])[] = [
  ['bytes that are no event', offerOf(event, sent(event.id, Buffer.from('garbage'))), 'not_json'],
  [
    'an event that breaks the contract',
    offerOf(event, sent(event.id, Buffer.from(JSON.stringify({ ...event, data: {} })))),
    'invalid_data',
  ],
  ['another event under the id', offerOf(event, sent(event.id, bytesOf(other))), 'other_id'],
  [
    'an event that nobody asked for',
    offerOf(event, { items: [{ id: other.id, base64: base64(bytesOf(other)) }] }),
    'not_asked_for',
  ],
  [
    'one id twice',
    offerOf(event, { items: [1, 2].map(() => ({ id: event.id, base64: base64(bytesOf(event)) })) }),
    'not_asked_for',
  ],
  ['other bytes than were listed', offerOf(event, { hash: hashOf(event.id, Buffer.from('other')) }), 'other_bytes'],
  ['an event of a bucket that it is not of', offerOf(event, { bucket: '2020-01-31T12/7' }), 'other_bucket'],
  ['a regional event', offerOf(evidence), 'wrong_topic'],
  ['an event of no region of the ring', offerOf(report({ region: 'mars' })), 'not_by_this_region'],
  ['casework of a player who is at home elsewhere', offerOf(event, { topic: 'cases.us' }), 'wrong_topic'],
];

describe('a peer that sends', () => {
  it.each(refusals)('%s changes nothing, and is said', async (what, offered, reason) => {
    answers = offered;
    const { problem, refused } = await repair();
    expect([problem, refused]).toEqual([null, expect.arrayContaining([expect.objectContaining({ reason })])]);
    const taken = await everything();
    // Of one that comes twice the first copy is as good as any.
    expect(taken).toEqual(what === 'one id twice' ? [event.id] : []);
    const { body } = await eu.ask<string>('/metrics');
    expect(body).toContain(`ringside_ring_events_refused_total{peer="us",reason="${reason}"} 1`);
    asked = [];
    await repair();
    // What was wrong once is not asked for again at once; what did not come is.
    expect(asked.filter((url) => url.includes('/records'))).toHaveLength(
      reason === 'not_asked_for' && taken.length === 0 ? 1 : 0,
    );
  });

  it.each([
    ['no JSON', { digests: '<html>' }, 'not JSON'],
    ['something else', { digests: { nothing: true } }, 'not as agreed'],
    ['the answer of another region', { digests: { region: 'ap', topic: 'reports', items: [] } }, 'the region ap answers'],
    ['the answer for another topic', { digests: { region: 'us', topic: 'cases.us', items: [] } }, 'another topic'],
    [
      'days that are no days',
      { digests: { region: 'us', topic: 'reports', items: [{ name: '../../etc', events: 1, digest: '0'.repeat(32) }] } },
      'not as agreed',
    ],
    ['more than it may', { digests: `"${'x'.repeat(17 * 1024 * 1024)}"` }, 'larger than'],
    [
      'a page that does not go on',
      {
        ...offerOf(event),
        holdings: {
          ...{ region: 'us', topic: 'reports' },
          items: Array.from({ length: 1_000 }, (_, i) => ({
            id: deriveUuidv7(event.id, `${i}`),
            hash: '0'.repeat(32),
            takenAt: 1,
          })).sort((a, b) => (a.id < b.id ? -1 : 1)),
        },
      },
      'one that it has given',
    ],
  ] as const)('%s is not believed, and what is wrong is said', async (_what, offered, problem) => {
    answers = offered as unknown as Answers;
    expect((await repair()).problem).toContain(problem);
    expect(await everything()).toEqual([]);
    const { body } = await eu.ask<{ peers: readonly object[] }>('/v1/ring/convergence');
    expect(body.peers[0]).toMatchObject({ peer: 'us', comparedAt: null, problem: expect.stringContaining(problem) });
  });

  it('nothing of what it lists is said to have sent nothing', async () => {
    answers = offerOf(report(), { items: [] });
    const { problem, topics } = await repair();
    expect(problem).toBeNull();
    expect(topics.find(({ topic }) => topic === 'reports')).toMatchObject({ missingHere: 1, restored: 0, notSent: 1 });
  });

  it('times of tomorrow hides no loss: what is there is on its way no longer than clocks are apart', async () => {
    const takenAt = Date.now() + 24 * 3_600_000;
    answers = offerOf(report(), { takenAt });
    expect((await repair()).topics.find(({ topic }) => topic === 'reports')).toMatchObject({ onTheirWay: 0, restored: 1 });
  });

  it('nothing is said to be away, and goes on when it is back', async () => {
    hangs = true;
    expect((await repair()).problem).toContain('cannot be reached');
    hangs = false;
    answers = offerOf(report());
    expect((await repair()).problem).toBeNull();
    await until('it is taken', async () => (await eu.ids('reports')).length === 1);
  });
});
