import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import rateLimit from '@fastify/rate-limit';
import { LogController, type FastifyHttpOptions, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import helmet from 'helmet';
import { pino } from 'pino';
import type { ServiceConfig } from './config.js';
import { jsonBytesMax, parseJson } from './json-body.js';
import type { Logger } from './logging.js';
import { problemDocument, ProblemException, problemOf, problems, type ProblemKind } from './problem.js';
import { isAnswered, sendProblem } from './problem.filter.js';
import { refuseBadHeaders } from './request-headers.js';
import { isOperational, limitUnderWay, overloaded, readBody, type BodyBudget } from './under-way.js';

/** A body that is not JSON, taken by certain routes only. Its handler gets the bytes as a `Buffer`. */
export interface BodyFormat {
  readonly contentType: string;
  readonly bytesMax: number;
  /** Route patterns as they are registered, such as `/v1/reports::batch`. They take no other format. */
  readonly routes: readonly string[];
  /** Whether what is under way of it is enough: more of it is put off (503) before its body is read. */
  readonly isBusy?: () => boolean;
}

const headerBytesMax = 16 * 1024;

/** Of all bodies of one format that are in memory at the same time: whoever sends the largest ones keeps no other format out. */
const bodyBytesUnderWayMax = 64 * 1024 * 1024;

/** Options of the Fastify server: what a client may take of it, and for how long. */
export function serverOptions(config: ServiceConfig, logger: Logger): FastifyHttpOptions<Server> {
  return {
    // What Fastify says of itself, such as where it listens, is said elsewhere.
    loggerInstance: logger.child({}, { level: logger.levelVal > pino.levels.values['warn']! ? logger.level : 'warn' }),
    // One logger for all requests: a child for each costs more than it tells, and request lines are written by a hook.
    childLoggerFactory: (parent) => parent,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: jsonBytesMax,
    requestTimeout: 30_000,
    keepAliveTimeout: 72_000, // longer than the idle time of the usual load balancers, which would race it otherwise
    maxRequestsPerSocket: 0,
    return503OnClosing: false, // what is on an open connection is still served; the answer says that the connection closes
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    // Node answers a request without Host by itself, without saying why: see `refuseBadHeaders`.
    http: {
      maxHeaderSize: headerBytesMax,
      headersTimeout: 15_000,
      requireHostHeader: false,
      // How often Node looks for what takes too long: its 30 s would make a time-out of 30 s one of 60.
      connectionsCheckingInterval: 5_000,
    },
    routerOptions: { maxParamLength: 256 },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => {
      sendProblem(request, reply as unknown as FastifyReply, problemOf(error));
    },
  };
}

/**
 * Security headers, the rate limit, overload protection and body parsers. To be called before any route is registered, and before
 * `authenticate`: a client beyond its rate is not asked who it is.
 */
export async function harden(fastify: FastifyInstance, config: ServiceConfig, formats: readonly BodyFormat[]): Promise<void> {
  addSecurityHeaders(fastify);
  // Before all that refuses: what is refused counts as well.
  if (config.rateLimitPerMinute > 0) await limitRate(fastify, config.rateLimitPerMinute);
  refuseBadHeaders(fastify);
  parseBodies(fastify, formats);
  limitUnderWay(fastify, config.requestsInFlightMax);
}

type BodyParsed = (error: Error | null, body?: unknown) => void;

/** Many clients name a content type where they have nothing to send. */
function parseInto(done: BodyParsed, body: Buffer): void {
  let value: unknown;
  try {
    value = body.length === 0 ? undefined : parseJson(body);
  } catch (error) {
    return done(error as Error);
  }
  done(null, value); // behind the `catch`: what the handler throws is not the body's fault
}

function parseBodies(fastify: FastifyInstance, formats: readonly BodyFormat[]): void {
  fastify.removeAllContentTypeParsers();
  const json = { bytesMax: jsonBytesMax, budget: newBudget() };
  fastify.addContentTypeParser('application/json', (request: FastifyRequest, payload: IncomingMessage, done: BodyParsed) => {
    if (!isInUtf8(request)) return done(unsupported('application/json'));
    readBody(request, payload, json, (problem, body) => (problem === null ? parseInto(done, body!) : done(problem)));
  });
  for (const format of formats) {
    const limits = { bytesMax: format.bytesMax, budget: newBudget() };
    fastify.addContentTypeParser(format.contentType, (request: FastifyRequest, payload: IncomingMessage, done: BodyParsed) => {
      if (!format.routes.includes(request.routeOptions.url ?? '')) return done(unsupported('application/json'));
      readBody(request, payload, limits, done);
    });
    fastify.addHook('onRoute', (route) => {
      if (!format.routes.includes(route.url)) return;
      route.onRequest = (request, _reply, done) => {
        const given = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
        if (given !== format.contentType) done(unsupported(format.contentType));
        else done(format.isBusy?.() ? overloaded() : undefined);
      };
    });
  }
}

const newBudget = (): BodyBudget => ({ bytesMax: bodyBytesUnderWayMax, bytes: 0 });

const unsupported = (contentType: string): ProblemException =>
  new ProblemException(problems.unsupportedMediaType, `Send the body as ${contentType}, in UTF-8.`);

function isInUtf8(request: FastifyRequest): boolean {
  const contentType = request.headers['content-type'];
  if (contentType === 'application/json' || contentType === undefined) return true;
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType)?.[1]?.toLowerCase();
  return charset === undefined || charset === 'utf-8' || charset === 'utf8';
}

/**
 * Helmet's headers. They never differ between two answers of one kind, so Helmet is asked once for each kind: the pages of Swagger
 * UI, which need their own scripts and styles; and the API, whose answers no browser may make anything of, without the headers that
 * only mean something for pages.
 */
function addSecurityHeaders(fastify: FastifyInstance): void {
  const page = helmetHeaders({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'img-src': ["'self'", 'data:'],
        'style-src': ["'self'", "'unsafe-inline'"],
        'script-src': ["'self'"],
        'object-src': ["'none'"],
        'frame-ancestors': ["'none'"],
        'base-uri': ["'self'"],
        'form-action': ["'self'"],
      },
    },
  });
  const api = helmetHeaders({
    contentSecurityPolicy: { useDefaults: false, directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] } },
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.headers(request.url.startsWith('/docs') ? page : api);
    done();
  });
}

type HelmetHandler = ReturnType<typeof helmet>;

/** What Helmet sets, whatever the request is. */
function helmetHeaders(options: Parameters<typeof helmet>[0]): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  const response = {
    setHeader: (name: string, value: string) => void (headers[name.toLowerCase()] = value),
    removeHeader: () => undefined,
  };
  helmet(options)({} as Parameters<HelmetHandler>[0], response as unknown as Parameters<HelmetHandler>[1], () => undefined);
  return headers;
}

async function limitRate(fastify: FastifyInstance, perMinute: number): Promise<void> {
  await fastify.register(rateLimit, {
    global: false, // it would add a hook to each route, and those run after all hooks of the server: see below
    max: perMinute,
    timeWindow: 60_000,
    allowList: (request) => isOperational(request.url),
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false, 'retry-after': true },
    errorResponseBuilder: (_request, context) =>
      new ProblemException(problems.rateLimited, `At most ${context.max} requests a minute. Wait, then go on.`),
  });
  fastify.addHook('onRequest', fastify.rateLimit());
}

const kindsByClientError: Readonly<Record<string, ProblemKind>> = {
  HPE_HEADER_OVERFLOW: problems.headersTooLarge,
  ERR_HTTP_REQUEST_TIMEOUT: problems.timeout,
};

/** Answers what never became a request (headers too large, too slow, or no HTTP at all), and what breaks off before it was answered. */
function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  if (isAnswered(socket)) {
    socket.destroySoon();
    return;
  }
  const kind = kindsByClientError[error.code ?? ''] ?? problems.malformedRequest;
  const body = JSON.stringify(problemDocument(new ProblemException(kind, `${kind.title}.`)));
  socket.end(
    `HTTP/1.1 ${kind.status} ${kind.title}\r\ncontent-type: application/problem+json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
