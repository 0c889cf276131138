import type { Socket } from 'node:net';

import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemDocument, ProblemException, problemOf, problems } from './problem.js';
import type { ProblemFeed } from './problem-feed.js';
import type { RouteTable } from './route-table.js';

/** What a client may still send of a body that is refused, so that it reads the answer instead of a broken connection. */
const drainBytesMax = 4 * 1024 * 1024;
const drainMsMax = 2_000;

/** Turns whatever a request ended with into a problem document. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly routes: RouteTable,
    private readonly feed: ProblemFeed,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const known = problemOf(error);
    // Whoever asks too often is told so, whatever it asks for.
    const problem = request.is404 && known.kind !== problems.rateLimited ? this.#unmatched(request) : known;
    this.feed.publish(problem, request.routeOptions.url);
    sendProblem(request, reply, problem);
  }

  #unmatched(request: FastifyRequest): ProblemException {
    const allowed = this.routes.methodsOf(request.url);
    if (allowed.length === 0) return new ProblemException(problems.notFound, 'There is no such route.');
    const allow = allowed.join(', ');
    return new ProblemException(problems.methodNotAllowed, `Send one of: ${allow}.`, { headers: { allow } });
  }
}

/** Connections whose last request was answered before its body had come. */
const answeredEarly = new WeakSet<Socket>();

/** Whether what is wrong with what comes now is the rest of a request that was answered. */
export const isAnswered = (socket: Socket): boolean => answeredEarly.has(socket);

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: ProblemException): void {
  const { status } = problem.kind;
  // Only of what is nobody's intention: a refusal's message could quote the request.
  if (problem.kind === problems.internal) request.log.error({ err: problem.cause }, 'request failed');
  else if (status === 503) logOutage(request, problem);
  if (reply.sent || reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  // Fastify closes the connection whenever a body was not taken; one that was read to its end leaves nothing in the way.
  if (request.raw.complete && reply.getHeader('connection') === 'close') reply.removeHeader('connection');
  if (!request.raw.complete) {
    const { raw } = request;
    answeredEarly.add(raw.socket);
    raw.once('end', () => answeredEarly.delete(raw.socket));
  }
  reply.code(status).header('content-type', 'application/problem+json');
  if (problem.options.headers) reply.headers(problem.options.headers);
  // As bytes: to a string Fastify would add a charset, which this type does not have.
  const send = (): void => void reply.send(Buffer.from(JSON.stringify(problemDocument(problem))));
  if (status === 413 && !request.raw.complete) drain(request, send);
  else send();
}

const outageLineMsMin = 1_000;
const lastOutageLineAt = new Map<string, number>();

/** A line a second is enough to tell of an outage; the metrics count what it hits. */
function logOutage(request: FastifyRequest, problem: ProblemException): void {
  const now = performance.now();
  if (now - (lastOutageLineAt.get(problem.code) ?? -Infinity) < outageLineMsMin) return;
  lastOutageLineAt.set(problem.code, now);
  request.log.warn({ code: problem.code, err: problem.cause }, 'requests not taken');
}

/** Reads the rest of the body and drops it. Closing with unread bytes resets the connection, and the answer is lost with it. */
function drain(request: FastifyRequest, then: () => void): void {
  const { raw } = request;
  let bytes = 0;
  const finish = (): void => {
    clearTimeout(timer);
    raw.off('data', count).off('end', finish).off('close', finish);
    raw.pause();
    then();
  };
  const count = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > drainBytesMax) finish();
  };
  const timer = setTimeout(finish, drainMsMax);
  raw.on('data', count).once('end', finish).once('close', finish).resume();
}
