import { applyDecorators, createParamDecorator, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ProblemException, problems } from '../problem.js';
import type { Access } from './authenticate.js';
import type { Identity, Role } from './identity.js';

const ROLES = 'ringside:roles';

/** Where the documentation finds the roles of a route. */
export const rolesExtension = 'x-roles';

/** The roles that may use a route; without it, everybody of the team may read, and case workers and leads may do the rest. */
export const Roles = (...allowed: readonly Role[]): MethodDecorator =>
  applyDecorators(SetMetadata(ROLES, allowed), ApiExtension(rolesExtension, allowed));

/** The {@link Identity} that sent the request, as a handler's parameter. Only where callers have to say who they are. */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext): Identity => {
  const { caller } = context.switchToHttp().getRequest<FastifyRequest>();
  if (caller === undefined) throw new Error('A route asks for its caller where nobody has to say who they are.');
  return caller;
});

const readers: readonly Role[] = ['case_worker', 'lead', 'approver', 'read_only'];
const workers: readonly Role[] = ['case_worker', 'lead'];

const ofPlatform: readonly Role[] = ['platform', 'ring_peer'];

/** Those that may use a route. `named`: by the route itself. In the service of the Platform team, its own and its peers alone. */
export function rolesOf({ kind }: Access, method: string, named: readonly Role[] | undefined): readonly Role[] {
  if (kind === 'platform') {
    const own = named?.filter((role) => ofPlatform.includes(role)) ?? [];
    return own.length > 0 ? own : ['platform'];
  }
  if (named !== undefined) return named;
  if (kind === 'games') return ['game'];
  return ['GET', 'HEAD'].includes(method.toUpperCase()) ? readers : workers;
}

/** The roles that a route's handler is marked with. */
export const rolesNamedBy = (handler: object): readonly Role[] | undefined =>
  Reflect.getMetadata(ROLES, handler) as readonly Role[] | undefined;

/** What a caller may do, in one place for all routes: throws 404 for what is another team's, 403 for what takes another role. */
export function refuseOthers(access: Access, request: FastifyRequest, named: readonly Role[] | undefined): void {
  const { caller } = request;
  if (caller === undefined) return; // one of the routes that `authenticate` leaves open
  const allowed = rolesOf(access, request.method, named);
  if (allowed.includes('platform') && caller.roles.includes('platform')) return;
  refuseOtherTeams(access, request, caller);
  if (allowed.some((role) => caller.roles.includes(role))) return;
  throw new ProblemException(problems.forbidden, `This takes the role ${allowed.join(' or ')}, and the token has none.`);
}

/** Of another team's case not even its existence is told; that there is a team is no secret. */
function refuseOtherTeams(access: Access, { params }: FastifyRequest, { teams }: Identity): void {
  if (access.kind !== 'team' || teams.includes(access.team)) return;
  if (Object.keys(params as object).length > 0) {
    throw new ProblemException(problems.notFound, 'None of your teams has this here.');
  }
  throw new ProblemException(problems.forbidden, `These are the cases of the team ${access.team}, and the token is not of it.`);
}

/** {@link refuseOthers} for the routes that Nest handles. */
export class AccessGuard implements CanActivate {
  constructor(private readonly access: Access) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() === 'http') {
      refuseOthers(this.access, context.switchToHttp().getRequest<FastifyRequest>(), rolesNamedBy(context.getHandler()));
    }
    return true;
  }
}
