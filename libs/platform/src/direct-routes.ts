import type { Type } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refuseOthers, rolesNamedBy } from './auth/access.guard.js';
import type { Access } from './auth/authenticate.js';
import { refuseQuery } from './unasked-input.interceptor.js';

const DIRECT = 'ringside:direct';

interface Direct {
  readonly controller: Type;
  readonly method: string | symbol;
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/**
 * A handler that Fastify calls itself, with the request and the reply, which it answers: for a route so busy that Nest's pipeline
 * would cost more than what it does. No pipe, guard, interceptor or DTO sees the request; who may use the route and that it takes no
 * query hold as everywhere, and what it throws becomes a problem document. It is declared and documented as the others are.
 */
export const Direct = (): MethodDecorator => (target, method, descriptor) => {
  const direct: Direct = { controller: target.constructor as Type, method };
  Reflect.defineMetadata(DIRECT, direct, descriptor.value as object);
};

/** To be called before any route is registered. `instanceOf` is asked when the route of a controller is. */
export function callDirectly(fastify: FastifyInstance, access: Access, instanceOf: (controller: Type) => unknown): void {
  fastify.addHook('onRoute', (route) => {
    const direct = Reflect.getMetadata(DIRECT, route.handler) as Direct | undefined; // Nest copies what a method is marked with
    if (direct === undefined) return;
    const named = rolesNamedBy(route.handler);
    const instance = instanceOf(direct.controller) as Record<string | symbol, Handler>;
    const handle = instance[direct.method]!.bind(instance);
    route.handler = (request: FastifyRequest, reply: FastifyReply) => {
      refuseOthers(access, request, named);
      refuseQuery(request.query);
      return handle(request, reply);
    };
  });
}
