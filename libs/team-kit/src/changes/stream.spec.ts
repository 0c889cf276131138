import { PassThrough, type Readable } from 'node:stream';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { versionOf } from '@ringside/casework';
import { aReport, authorizationOf, until } from '@ringside/testing';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { openWorkingRing, person, type WorkingRing } from '../casework/working-ring.fixture.js';
import { rules, workingService } from '../casework/working-team.fixture.js';
import { ChangeStream, changeStreamDefaults } from './change-stream.js';
import { ChangeStreams, changeStreamsMax } from './change-streams.js';
import type { ChangeFeed, ChangeListener } from './change-feed.js';
import { StreamController } from '../http/stream.controller.js';

let team: WorkingRing;
const open = new Set<AbortController>();
beforeEach(async () => {
  team = await openWorkingRing();
});
afterEach(async () => {
  for (const one of open) one.abort();
  open.clear();
  await team.close();
});

interface Told {
  readonly event: string;
  readonly id: string;
  readonly data: { readonly caseId?: string; readonly change?: string };
}

interface Listening {
  readonly told: Told[];
  readonly status: number;
  readonly ended: Promise<void>;
  leave(): void;
}

async function listen(lastEventId?: string): Promise<Listening> {
  const aborting = new AbortController();
  open.add(aborting);
  const headers = {
    ...(await authorizationOf(person('casey', 'read_only'))),
    ...(lastEventId && { 'last-event-id': lastEventId }),
  };
  const { url } = team.ring.service(workingService.name);
  const response = await fetch(`${url}/v1/stream`, { headers, signal: aborting.signal });
  const told: Told[] = [];
  const ended = response.ok ? hear(response.body!, told).catch(() => undefined) : response.text().then(() => undefined);
  return { told, status: response.status, ended, leave: () => aborting.abort() };
}

async function hear(body: ReadableStream<Uint8Array>, told: Told[]): Promise<void> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const [, event, id, data] = /^event: (.*)\nid: (.*)\ndata: (.*)$/.exec(text.slice(0, end)) ?? [];
      if (event !== undefined) told.push({ event, id: id!, data: JSON.parse(data!) as Told['data'] });
      text = text.slice(end + 2);
    }
  }
}

async function ask(method: string, url: string): Promise<Response> {
  const aborting = new AbortController();
  open.add(aborting);
  const headers = await authorizationOf(person('casey', 'read_only'));
  return fetch(`${url}/v1/stream`, { method, headers, signal: aborting.signal });
}

/** What does not differ from one answer to the next, nor says how a body is sent. */
const stableOf = (headers: Headers) =>
  Object.fromEntries(
    [...headers].filter(([name]) => !['date', 'transfer-encoding', 'connection', 'keep-alive'].includes(name)),
  );

const changesIn = ({ told }: Listening) => told.filter(({ event }) => event === 'case').map(({ data }) => data);
const untilReady = (listening: Listening, event = 'ready'): Promise<unknown> =>
  until(`the stream says ${event}`, () => listening.told.some((one) => one.event === event));

describe('the stream of changes', () => {
  it('tells of reports and of steps, to this team alone', async () => {
    const listening = await listen();
    await untilReady(listening);
    const caseId = await team.newCase('watched');
    await team.ring.publish(aReport({ subjectId: 'other', reason: 'harassment' }));
    await until('one change is told', () => changesIn(listening).length === 1); // the two topics have no order between them
    await team.command(`/v1/cases/${caseId}/claim`, undefined, { ifMatch: 1 });
    await until('two changes are told', () => changesIn(listening).length >= 2);
    expect(changesIn(listening)).toEqual([
      { caseId, change: 'ReportFiled', at: expect.any(String) },
      {
        caseId,
        change: 'CaseClaimed',
        at: expect.any(String),
        by: 'casey',
        minVersion: versionOf({ streamVersion: 1, revision: 0 }),
      },
    ]);
  });

  it('goes on behind the last event that a client has heard, and misses nothing', async () => {
    const first = await listen();
    await untilReady(first);
    const caseId = await team.newCase('missed');
    await until('one change is told', () => changesIn(first).length === 1);
    first.leave();
    const path = `/v1/cases/${caseId}/note`;
    let { version } = (await team.command(path, { text: 'One.' }, { ifMatch: 1 })).body;
    ({ version } = (await team.command(path, { text: 'Two.' }, { ifMatch: version })).body);
    const second = await listen(first.told.at(-1)!.id);
    await untilReady(second);
    await team.command(path, { text: 'Three.' }, { ifMatch: version });
    await until('three changes are told', () => changesIn(second).length >= 3);
    expect(changesIn(second).map(({ change }) => change)).toEqual(['CaseNoted', 'CaseNoted', 'CaseNoted']);
    expect(second.told.map(({ event }) => event)).toEqual(['case', 'case', 'ready', 'case']);
  });

  it.each([
    'nonsense',
    Buffer.from('[["cases/0",1]]').toString('base64url'),
    Buffer.from('[["moon/0","x"]]').toString('base64url'),
  ])('says that everything has to be read anew, or is ready, where the last event %s is none of its own', async (id) => {
    await team.newCase('before');
    const listening = await listen(id);
    await until('an answer', () => listening.told.some(({ event }) => event === 'reset' || event === 'ready'));
    await team.newCase('after');
    await until('what comes is told', () => changesIn(listening).length > 0);
  });

  it('ends when the service stops, at once', async () => {
    const listening = await listen();
    await untilReady(listening);
    const since = performance.now();
    await Promise.all([team.ring.service(workingService.name).close(), listening.ended]);
    expect(performance.now() - since).toBeLessThan(5_000);
  });

  it('takes so many clients and no more, and another when one has left', async () => {
    const streams = team.ring.service(workingService.name).app.get(ChangeStreams);
    const all: ChangeStream[] = [];
    for (let i = 0; i < changeStreamsMax; i += 1) all.push(await streams.listen(undefined));
    const refused = await listen();
    expect(refused.status).toBe(503);
    await refused.ended;
    all[0]!.readable.destroy();
    const room = (): Promise<boolean> =>
      streams.listen(undefined).then(
        () => true,
        () => false,
      );
    await until('there is room', room);
  });

  it('is answered to HEAD as to GET, without a client that listens', async () => {
    const { app, url } = team.ring.service(workingService.name);
    const streams = app.get(ChangeStreams);
    const listening = jest.spyOn(streams, 'listen');
    const { status, headers } = await ask('HEAD', url);
    expect(listening).not.toHaveBeenCalled();
    const got = await ask('GET', url);
    expect([status, stableOf(headers)]).toEqual([200, stableOf(got.headers)]);
    for (let i = 1; i < changeStreamsMax; i += 1) await streams.listen(undefined);
    expect((await ask('HEAD', url)).status).toBe(503);
  });

  it('ends when the response closes, whoever reads it', async () => {
    const streams = team.ring.service(workingService.name).app.get(ChangeStreams);
    for (const hasGone of ['meanwhile', 'later']) {
      const raw = new PassThrough();
      let stream: Readable | undefined;
      const reply = { raw, header: () => reply, send: (sent: Readable) => void (stream = sent) };
      if (hasGone === 'meanwhile') raw.destroy();
      const request = { method: 'GET' } as FastifyRequest;
      await new StreamController(streams).stream(undefined, request, reply as unknown as FastifyReply);
      raw.destroy();
      await until('the stream is over', () => stream!.destroyed);
    }
  });

  it('is for the team alone', async () => {
    for (const [as, status] of [
      [null, 401],
      [{ sub: 'spy', teams: ['abuse'], roles: ['lead'] }, 403],
      [{ sub: 'nobody', teams: [rules.team], roles: [] }, 403],
    ] as const) {
      expect((await team.get('/v1/stream', as)).status).toBe(status);
    }
  });
});

it('a client that does not read is cut off, and holds up nobody', async () => {
  let heard: ChangeListener | undefined;
  const feed = {
    listen: (listener: ChangeListener) => Promise.resolve(((heard = listener), new Map())),
    leave: () => (heard = undefined),
    replay: () => Promise.resolve(true),
  } as unknown as ChangeFeed;
  const stream = await ChangeStream.open(feed, undefined, { ...changeStreamDefaults, behindBytesMax: 50_000 });
  await until('what was missed is told', () => stream.readable.readableLength > 0);
  const change = { caseId: 'x'.repeat(22), change: 'ReportFiled', at: '2026-01-31T12:00:00.000Z' };
  for (let i = 0; i < 1_000; i += 1) heard?.({ change, place: new Map() });
  expect(stream.readable.destroyed).toBe(true);
  await until('it has left the feed', () => heard === undefined);
});
