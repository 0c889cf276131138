import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { StartupError } from '@ringside/core';

import { discoverServices, type Service } from './discover-services.js';

/** A service that makes views of the log. */
export interface ViewKeeper {
  /** As `views:rebuild` calls it: by the library of a service that its app depends on. */
  readonly library: string;
  readonly service: Service;
}

/** Whether a service makes views of the log: each team, and report-intake. */
export const keepsViews = ({ name, team }: Service): boolean => team !== undefined || name === 'report-intake';

/** Those of a workspace. Throws {@link StartupError} for an app whose library is not known: its views would go unlooked at. */
export const viewKeepersIn = (root: string): readonly ViewKeeper[] =>
  discoverServices(root)
    .filter(keepsViews)
    .map((service) => {
      const { name } = service;
      const manifest = readFileSync(join(root, 'apps', name, 'package.json'), 'utf8');
      const { dependencies = {} } = JSON.parse(manifest) as { readonly dependencies?: Readonly<Record<string, string>> };
      const [library] = Object.keys(dependencies).flatMap((one) => /^@ringside\/(.+)-service$/.exec(one)?.[1] ?? []);
      if (library !== undefined) return { library, service };
      throw new StartupError(`${name} depends on no library of a service: nobody could compare its views.`);
    });
