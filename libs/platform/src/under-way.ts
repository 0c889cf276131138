import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProblemException, problems } from './problem.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What its body has taken of a {@link BodyBudget}. */
    bodyHeld: { readonly budget: BodyBudget; bytes: number } | null;
    /** Whether it counts among those that {@link limitUnderWay} bounds. */
    isAtWork: boolean;
  }
}

/** Bytes of bodies that are in memory at the same time: of one that is arriving those that are here, until it is answered. */
export interface BodyBudget {
  readonly bytesMax: number;
  bytes: number;
}

/** Health and metrics are answered however much is under way. */
export const isOperational = (url: string): boolean =>
  url.startsWith('/health/') || url === '/metrics' || url.startsWith('/metrics?');

/** What whoever comes too many is answered. */
export const overloaded = (): ProblemException =>
  new ProblemException(problems.overloaded, 'Send it again in a second.', { headers: { 'retry-after': '1' } });

/**
 * Answers 503 beyond so many requests at work. One whose body is still arriving is not at work: otherwise whoever sends many of
 * them slowly would keep everybody else out.
 */
export function limitUnderWay(fastify: FastifyInstance, requestsMax: number): void {
  let requests = 0;
  fastify.decorateRequest('bodyHeld', null);
  fastify.decorateRequest('isAtWork', false);
  fastify.addHook('onRequest', (request, reply, done) => {
    if (requests >= requestsMax && !isOperational(request.url)) return done(overloaded());
    // One listener for both: what a body holds, and the place of a request at work, are free again with its answer.
    reply.raw.on('close', () => {
      if (request.isAtWork) requests -= 1;
      const held = request.bodyHeld;
      if (held !== null) held.budget.bytes -= held.bytes;
      request.isAtWork = false;
      request.bodyHeld = null;
    });
    done();
  });
  fastify.addHook('preValidation', (request, reply, done) => {
    // A client may have gone while a hook before this one waited. Fastify goes on all the same, and nobody would give the place back.
    if (!reply.raw.destroyed) {
      requests += 1;
      request.isAtWork = true;
    }
    done();
  });
}

/** What a body is read into: its bytes, or why it is not taken. */
export type BodyRead = (problem: ProblemException | null, body?: Buffer) => void;

/**
 * Reads a body to its end. Refuses it with {@link ProblemException}: 413 beyond `bytesMax`, 503 where the budget of all bodies is used
 * up, 400 where it ends early. What is not read is left to whoever sends the answer. With a callback, as it is on every request's path.
 */
export function readBody(
  request: FastifyRequest,
  payload: NodeJS.ReadableStream,
  { bytesMax, budget }: { readonly bytesMax: number; readonly budget: BodyBudget },
  read: BodyRead,
): void {
  const chunks: Buffer[] = [];
  const held = (request.bodyHeld = { budget, bytes: 0 });
  const stop = (problem: ProblemException): void => {
    payload.off('data', take).off('end', end).off('error', fail);
    read(problem);
  };
  const take = (chunk: Buffer): void => {
    if (held.bytes + chunk.length > bytesMax) return stop(tooLarge());
    if (budget.bytes + chunk.length > budget.bytesMax) return stop(overloaded());
    budget.bytes += chunk.length;
    held.bytes += chunk.length;
    chunks.push(chunk);
  };
  const end = (): void => read(null, chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
  const fail = (error: Error): void =>
    stop(new ProblemException(problems.malformedRequest, 'The body ended before its end.', { cause: error }));
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) return read(tooLarge());
  payload.on('data', take).on('end', end).on('error', fail);
}

const tooLarge = (): ProblemException => new ProblemException(problems.bodyTooLarge, 'Send a smaller body.');
