import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/internal.js';
import { jsonPointer } from '@ringside/core';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { forbiddenKeysIn } from './json-body.js';
import { ProblemException, problems, type Fault } from './problem.js';
import { isOperational } from './under-way.js';

const readsBody: readonly RouteParamtypes[] = [RouteParamtypes.BODY, RouteParamtypes.RAW_BODY, RouteParamtypes.REQUEST];

interface Takes {
  readonly body: boolean;
  readonly query: boolean;
}

/**
 * Refuses the fields of a body and the parameters of a query where the route takes none: whoever sends them believes that they do
 * something. No pipe sees them, for no handler asks for them. An empty object is as good as nothing. Health and metrics take any
 * query: the machines that ask for them have their habits.
 */
@Injectable()
export class UnaskedInputRefusal implements NestInterceptor {
  readonly #known = new WeakMap<object, Takes>();

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const takes = this.#takes(context);
    const errors = [
      ...(takes.query || isOperational(request.url) ? [] : faultsOfQuery(request.query)),
      ...(takes.body || request.body === undefined ? [] : faultsOfBody(request.body)),
    ];
    if (errors.length === 0) return next.handle();
    throw unasked(errors);
  }

  #takes(context: ExecutionContext): Takes {
    const handler = context.getHandler();
    const known = this.#known.get(handler);
    if (known !== undefined) return known;
    const args = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), handler.name) as object | undefined;
    const kinds = Object.keys(args ?? {}).map((key): RouteParamtypes => Number(key.split(':', 1)[0]));
    const takes = { body: kinds.some((kind) => readsBody.includes(kind)), query: kinds.includes(RouteParamtypes.QUERY) };
    this.#known.set(handler, takes);
    return takes;
  }
}

const unknownField = 'is not a known field';

const unasked = (errors: readonly Fault[]): ProblemException =>
  new ProblemException(problems.invalidRequest, 'This does not take what is listed under errors: leave it out.', { errors });

/** Throws for any parameter in the query of a route that takes none. */
export function refuseQuery(query: unknown): void {
  for (const _ in query as object) throw unasked(faultsOfQuery(query));
}

const faultsOfQuery = (query: unknown): readonly Fault[] =>
  Object.keys(query as object).map((parameter) => ({ parameter, detail: unknownField }));

function faultsOfBody(body: unknown): readonly Fault[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return [{ pointer: '', detail: 'must be a JSON object' }];
  const unknown = Object.keys(body).map((field) => ({ pointer: jsonPointer([field]), detail: unknownField }));
  return [...unknown, ...forbiddenKeysIn(body)];
}
