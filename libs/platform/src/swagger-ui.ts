import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';

const assets: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

const page = (title: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title.replace(/[<&]/g, '')}</title>
    <link rel="stylesheet" href="docs/swagger-ui.css" />
    <link rel="icon" type="image/png" href="docs/favicon-32x32.png" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`;

const start = `SwaggerUIBundle({
  url: new URL('docs/openapi.json', document.baseURI).href,
  dom_id: '#swagger-ui',
  deepLinking: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  persistAuthorization: true,
});
`;

/**
 * Swagger UI at `/docs`: its published files, and a page without inline scripts, so that the content security policy can forbid
 * them. Addresses are relative, for a service behind a path of a proxy.
 */
export function serveSwaggerUi(fastify: FastifyInstance, title: string): void {
  const directory = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  fastify.get('/docs', (_request, reply) => reply.type('text/html; charset=utf-8').send(page(title)));
  fastify.get('/docs/', (_request, reply) => reply.redirect('../docs', 308));
  fastify.get('/docs/start.js', (_request, reply) => reply.type('text/javascript; charset=utf-8').send(start));
  for (const [file, contentType] of Object.entries(assets)) {
    // Read once: whoever asks for it many times and takes nothing would otherwise fill the memory with copies.
    let bytes: Promise<Buffer> | undefined;
    fastify.get(`/docs/${file}`, async (_request, reply) => {
      bytes ??= readFile(join(directory, file));
      return reply
        .type(contentType)
        .header('cache-control', 'public, max-age=86400')
        .send(await bytes);
    });
  }
}
