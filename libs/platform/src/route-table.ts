import type { FastifyInstance } from 'fastify';

/** The routes of a server by address, to tell a wrong method (405) from a wrong address (404). */
export interface RouteTable {
  /** The methods that an address takes; none where no route has it. */
  methodsOf(url: string): readonly string[];
}

/** To be called before any route is registered. */
export function recordRoutes(fastify: FastifyInstance): RouteTable {
  const methodsByPattern = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();
  fastify.addHook('onRoute', (route) => {
    if (route.url.includes('*')) return; // static files: whatever lies there is a GET
    let known = methodsByPattern.get(route.url);
    if (!known) methodsByPattern.set(route.url, (known = { pattern: patternOf(route.url), methods: new Set() }));
    for (const method of [route.method].flat()) known.methods.add(method);
  });
  return {
    methodsOf(url) {
      const path = url.split(/[?#]/, 1)[0]!;
      const matching = [...methodsByPattern.values()].filter(({ pattern }) => pattern.test(path));
      return [...new Set(matching.flatMap(({ methods }) => [...methods]))].sort();
    },
  };
}

/** A route's pattern as people read it: the router writes `::` for a colon. */
export const readablePattern = (url: string): string => url.replaceAll('::', ':');

/** `:name` is a parameter, `::` a colon. */
function patternOf(url: string): RegExp {
  const source = url
    .split(/(::|:[A-Za-z]\w*)/)
    .map((part) => (part === '::' ? ':' : part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('');
  return new RegExp(`^${source}$`);
}
