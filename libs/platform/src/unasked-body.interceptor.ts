import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/internal.js';
import { jsonPointer } from '@ringside/core';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { forbiddenKeysIn } from './json-body.js';
import { ProblemException, problems, type Fault } from './problem.js';

const readsBody: readonly RouteParamtypes[] = [RouteParamtypes.BODY, RouteParamtypes.RAW_BODY, RouteParamtypes.REQUEST];

/**
 * Refuses the fields of a body where the route takes none: whoever sends them believes that they do something. No pipe sees such a
 * body, for no handler asks for it. An empty object is as good as nothing.
 */
@Injectable()
export class UnaskedBodyRefusal implements NestInterceptor {
  readonly #takes = new WeakMap<object, boolean>();

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const { body } = context.switchToHttp().getRequest<FastifyRequest>();
    if (body === undefined || this.#takesBody(context)) return next.handle();
    const errors = faultsOf(body);
    if (errors.length === 0) return next.handle();
    throw new ProblemException(problems.invalidRequest, 'This takes no body: leave it out.', { errors });
  }

  #takesBody(context: ExecutionContext): boolean {
    const handler = context.getHandler();
    const known = this.#takes.get(handler);
    if (known !== undefined) return known;
    const args = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), handler.name) as object | undefined;
    const takes = Object.keys(args ?? {}).some((key) => readsBody.includes(Number(key.split(':', 1)[0])));
    this.#takes.set(handler, takes);
    return takes;
  }
}

function faultsOf(body: unknown): readonly Fault[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return [{ pointer: '', detail: 'must be a JSON object' }];
  const unknown = Object.keys(body).map((field) => ({ pointer: jsonPointer([field]), detail: 'is not a known field' }));
  return [...unknown, ...forbiddenKeysIn(body)];
}
