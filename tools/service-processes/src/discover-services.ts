import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartupError } from '@ringside/core';

/** A service of the workspace: one folder under `apps`, with `"ringside": { "portOffset": n, "team": ... }` in its package.json. */
export interface Service {
  readonly name: string;
  /** What it is started with. */
  readonly main: string;
  readonly args?: readonly string[];
  /** Its port is the port base plus this. */
  readonly portOffset: number;
  /** Whose cases it has, as tokens name the team. */
  readonly team?: string;
}

/** The services in the order of their ports. What is not there is not started: adding or deleting one needs no edit. */
export function discoverServices(root: string): readonly Service[] {
  const apps = join(root, 'apps');
  const services = readdirSync(apps, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(apps, entry.name, 'package.json')))
    .flatMap(({ name }) => serviceIn(join(apps, name), name))
    .sort((a, b) => a.portOffset - b.portOffset);
  for (const [index, service] of services.entries()) {
    const before = services[index - 1];
    if (before?.portOffset !== service.portOffset) continue;
    throw new StartupError(`${before.name} and ${service.name} have the same portOffset in their package.json: change one.`);
  }
  return services;
}

function serviceIn(folder: string, name: string): readonly Service[] {
  const { ringside } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    ringside?: { portOffset?: number; team?: string };
  };
  if (ringside?.portOffset === undefined) return [];
  const { portOffset, team } = ringside;
  return [{ name, main: join(folder, 'dist', 'main.js'), portOffset, ...(team === undefined ? {} : { team }) }];
}
