import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { rolesExtension, rolesOf } from './auth/access.guard.js';
import type { Access } from './auth/authenticate.js';
import type { Role } from './auth/identity.js';
import { FaultDto, ProblemDto, problemResponse } from './problem.dto.js';
import { closeBodies } from './openapi-bodies.js';
import { serveSwaggerUi } from './swagger-ui.js';

export interface ApiDescription {
  readonly title: string;
  readonly description: string;
  readonly version: string;
}

/** Swagger UI at `/docs`, OpenAPI 3.1 at `/docs/openapi.json`. `access`: where callers need tokens. To be called before the application is initialised. */
export function serveDocumentation(app: INestApplication, api: ApiDescription, access: Access | undefined): void {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(api.title)
    .setDescription(api.description)
    .setVersion(api.version);
  if (access !== undefined) builder.addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, bearer);
  const document = (): OpenAPIObject =>
    complete(SwaggerModule.createDocument(app, builder.build(), { extraModels: [ProblemDto, FaultDto] }), access);
  SwaggerModule.setup('docs', app, document, { ui: false, raw: ['json'], jsonDocumentUrl: 'docs/openapi.json' });
  serveSwaggerUi(app.getHttpAdapter().getInstance() as FastifyInstance, api.title);
}

/** Name of the security scheme that Swagger UI's Authorize asks for. */
const bearer = 'token';

const methods = ['get', 'put', 'post', 'delete', 'patch'] as const;

/** Writes `:` where the router has its escape `::`, and adds what every route takes and may answer with. */
function complete(document: OpenAPIObject, access: Access | undefined): OpenAPIObject {
  const statuses = [400, ...(access !== undefined ? [401, 403] : []), 414, 429, 431, 500, 503];
  const paths: OpenAPIObject['paths'] = {};
  for (const [path, item] of Object.entries(document.paths)) {
    if (path.startsWith('/v1/')) {
      for (const method of methods) {
        const operation = item[method];
        if (operation === undefined) continue;
        for (const status of statuses) operation.responses[status] ??= problemResponse(status);
        nameRoles(operation, access && ((named) => rolesOf(access, method, named)));
      }
    }
    paths[path.replace(/::|:\{(\w+)\}/, (_match, name?: string) => `:${name ?? ''}`)] = item;
  }
  closeBodies(document);
  return { ...document, paths };
}

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']> & { [rolesExtension]?: readonly Role[] };

/** Says who may use a route, in words. `allowed`: by the roles that the route names; undefined where nobody is asked. */
function nameRoles(operation: Operation, allowed: ((named: readonly Role[] | undefined) => readonly Role[]) | undefined): void {
  const { [rolesExtension]: named, description } = operation;
  Reflect.deleteProperty(operation, rolesExtension);
  if (allowed === undefined) return;
  operation.security = [{ [bearer]: [] }];
  const forWhom = `For the role ${allowed(named).join(' or ')}.`;
  operation.description = description ? `${description}\n\n${forWhom}` : forWhom;
}
