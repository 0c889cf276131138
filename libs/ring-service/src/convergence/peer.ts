import { readFile } from 'node:fs/promises';
import { isUuidv7 } from '@ringside/core';
import * as z from 'zod';

import { isBucket, isDay, type HeldAt } from '../holdings/holdings.js';
import type { HeldEvent, NamedTally } from '../holdings/held.js';

/** What may be asked of a peer at once. The routes that answer have the same limits. */
export const heldPageMax = 1_000;
export const recordsMax = 50;
/** Of records, before they are written in base64. The first one may be larger. */
export const recordBytesMax = 4 * 1024 * 1024;

const answerBytesMax = 16 * 1024 * 1024;
const answerMsMax = 10_000;
/** A topic has a tally for each day, and a day one for each bucket: more than this is not believed. */
const talliesMax = 20_000;

/**
 * The peer does not answer, or not in the way that was agreed. The message is for people. `isAway`: asking it for anything else now is
 * of no use.
 */
export class PeerError extends Error {
  override readonly name = 'PeerError';
  readonly code = 'peer_error';
  readonly isAway: boolean;

  constructor(message: string, { isAway = false, ...options }: ErrorOptions & { readonly isAway?: boolean } = {}) {
    super(message, options);
    this.isAway = isAway;
  }
}

export interface PeerRecord {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** The platform service of another region, as this one sees it: untrusted. Every method throws {@link PeerError}. */
export interface Peer {
  readonly region: string;
  days(topic: string): Promise<readonly NamedTally[]>;
  buckets(topic: string, day: string): Promise<readonly NamedTally[]>;
  /** At most {@link heldPageMax} of them, in the order of their ids. */
  held(at: HeldAt, after: string | undefined): Promise<readonly HeldEvent[]>;
  /** Those that it has of at most {@link recordsMax} ids; fewer where they are large. */
  records(at: HeldAt, ids: readonly string[]): Promise<readonly PeerRecord[]>;
}

const hash = z.string().regex(/^[0-9a-f]{32}$/);
const id = z.string().refine(isUuidv7);
const count = z.int().min(0);
const tallies = (isName: (name: string) => boolean) =>
  z
    .array(z.object({ name: z.string().refine(isName), events: count, digest: hash }))
    .max(talliesMax)
    .refine((all) => all.every(({ name }, i) => i === 0 || all[i - 1]!.name < name), { error: 'must be in order' });

const answers = {
  days: z.object({ region: z.string(), topic: z.string(), items: tallies(isDay) }),
  buckets: z.object({ region: z.string(), topic: z.string(), items: tallies(isBucket) }),
  held: z.object({
    region: z.string(),
    topic: z.string(),
    items: z
      .array(z.object({ id, hash, takenAt: count }))
      .max(heldPageMax)
      .refine((all) => all.every((one, i) => i === 0 || all[i - 1]!.id < one.id), { error: 'must be in order' }),
  }),
  records: z.object({
    region: z.string(),
    topic: z.string(),
    items: z.array(z.object({ id, base64: z.base64() })).max(recordsMax),
  }),
};

export interface PeerOptions {
  readonly region: string;
  /** Without a slash at the end. */
  readonly url: string;
  /** Asked before each request. */
  readonly token: () => Promise<string | undefined>;
  /** Aborted, no further request is sent. A reason that is a {@link PeerError} is thrown. */
  readonly signal: AbortSignal;
}

export function peerOver({ region, url, token, signal }: PeerOptions): Peer {
  async function ask<Answer extends { readonly region: string; readonly topic: string }>(
    path: string,
    query: Readonly<Record<string, string | undefined>> & { readonly topic: string },
    shape: z.ZodType<Answer>,
  ): Promise<Answer> {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, value);
    const body = await get(`${url}${path}?${parameters.toString()}`, { token: await token(), signal });
    const read = shape.safeParse(body);
    if (!read.success) {
      const [issue] = read.error.issues;
      throw new PeerError(`What it answers on ${path} is not as agreed: ${issue?.path.join('.')}: ${issue?.message}.`);
    }
    const { region: answering, topic } = read.data;
    if (answering !== region) throw new PeerError(`At ${url} the region ${answering} answers, not ${region}.`);
    if (topic !== query.topic) throw new PeerError(`It was asked for "${query.topic}" and answers for another topic.`);
    return read.data;
  }

  return {
    region,
    days: async (topic) => (await ask('/v1/ring/digests', { topic }, answers.days)).items,
    buckets: async (topic, day) => {
      const { items } = await ask('/v1/ring/digests', { topic, day }, answers.buckets);
      if (items.every(({ name }) => name.startsWith(`${day}T`))) return items;
      throw new PeerError('It was asked for the buckets of a day, and answers with those of another.');
    },
    held: async ({ topic, bucket }, after) => {
      const { items } = await ask('/v1/ring/holdings', { topic, bucket, after }, answers.held);
      if (after === undefined || items.every((one) => one.id > after)) return items;
      throw new PeerError('It was asked for the next page, and answers with one that it has given.');
    },
    records: async ({ topic, bucket }, ids) => {
      const { items } = await ask('/v1/ring/records', { topic, bucket, ids: ids.join(',') }, answers.records);
      return items.map((one) => ({ id: one.id, bytes: Buffer.from(one.base64, 'base64') }));
    },
  };
}

async function get(
  address: string,
  { token, signal }: { readonly token: string | undefined; readonly signal: AbortSignal },
): Promise<unknown> {
  // A request under way is finished: one that is given up while it connects leaves the peer a connection on which nothing ever
  // comes, and the peer's own stopping would wait for it.
  if (signal.aborted) throw reasonOf(signal);
  try {
    const response = await fetch(address, {
      headers: { accept: 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
      redirect: 'error', // the token is for this address alone
      signal: AbortSignal.timeout(answerMsMax),
    });
    const text = await textOf(response);
    if (!response.ok) throw new PeerError(`It answers with status ${response.status}.`);
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof PeerError) throw error;
    if (error instanceof SyntaxError) throw new PeerError('What it answers is not JSON.', { cause: error });
    const { name, message, cause } = error as Error;
    const reason =
      name === 'TimeoutError' ? `no answer within ${answerMsMax} ms` : ((cause as Error | undefined)?.message ?? message);
    throw new PeerError(`It cannot be reached: ${reason}.`, { isAway: true, cause: error });
  }
}

const reasonOf = ({ reason }: AbortSignal): PeerError =>
  reason instanceof PeerError ? reason : new PeerError('This service is being stopped.', { isAway: true });

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > answerBytesMax) throw new PeerError(`Its answer is larger than ${answerBytesMax} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The token that is shown to a peer alone: read for each request, so that it can be replaced while the service runs. */
export const tokenIn = (file: string, region: string) => async (): Promise<string | undefined> => {
  if (file === '') return undefined;
  try {
    return (await readFile(file.replaceAll('{region}', region), 'utf8')).trim();
  } catch (error) {
    throw new PeerError(`RINGSIDE_RING_TOKEN_FILE cannot be read: ${(error as Error).message}`, { cause: error });
  }
};
