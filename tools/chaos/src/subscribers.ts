import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Service } from '@ringside/service-processes';

/** Whether a service makes views of the log: each team, and report-intake. */
export const keepsViews = ({ name, team }: Service): boolean => team !== undefined || name === 'report-intake';

/**
 * Whose views there are, as `views:rebuild` calls them: the libraries of services that the apps depend on. Throws for an app whose
 * library is not known: its views would go unlooked at.
 */
export const subscribersOf = (root: string, services: readonly Service[]): readonly string[] =>
  services.filter(keepsViews).map(({ name }) => {
    const manifest = readFileSync(join(root, 'apps', name, 'package.json'), 'utf8');
    const { dependencies = {} } = JSON.parse(manifest) as { readonly dependencies?: Readonly<Record<string, string>> };
    const [library] = Object.keys(dependencies).flatMap((one) => /^@ringside\/(.+)-service$/.exec(one)?.[1] ?? []);
    if (library === undefined) throw new Error(`${name} depends on no library of a service: nobody could compare its views.`);
    return library;
  });
