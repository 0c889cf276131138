import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nearest, type RingPolicy } from '@ringside/data-ring';

/** Names of the services of the workspace: folders under `apps` with `"ringside": { "portOffset": n }` in their package.json. */
export function workspaceServices(root: string): readonly string[] {
  const apps = join(root, 'apps');
  if (!existsSync(apps)) return [];
  return readdirSync(apps).filter((name) => {
    const file = join(apps, name, 'package.json');
    if (!existsSync(file)) return false;
    const { ringside } = JSON.parse(readFileSync(file, 'utf8')) as { readonly ringside?: { readonly portOffset?: number } };
    return ringside?.portOffset !== undefined;
  });
}

/**
 * What is odd about the services of a policy that is in order. None of it is a fault: a policy may name services that are developed
 * elsewhere, and a ring may do without one of these.
 */
export function serviceWarnings({ services }: RingPolicy, known: readonly string[]): readonly string[] {
  const missing = known.filter((name) => !Object.hasOwn(services, name));
  const slips = new Map(
    Object.keys(services)
      .filter((name) => !known.includes(name))
      .map((name) => [name, nearest(name, missing)]),
  );
  return [
    ...[...slips].flatMap(([name, meant]) =>
      meant === undefined ? [] : [`services.${name}: Ringside has no service "${name}". Did you mean "${meant}"?`],
    ),
    ...missing.map(
      (name) => `services: "${name}" is missing, so it may neither publish nor hear anything, and does not start.`,
    ),
  ];
}
