import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { StartupError } from '@ringside/core';
import { startIssuer } from './issuer.js';

const root = resolve(import.meta.dirname, '../../..');

/** The teams of the workspace, as their services' package.json name them. */
const teams = readdirSync(join(root, 'apps')).flatMap((app) => {
  const manifest = join(root, 'apps', app, 'package.json');
  if (!existsSync(manifest)) return [];
  const { ringside } = JSON.parse(readFileSync(manifest, 'utf8')) as { ringside?: { team?: string } };
  return ringside?.team === undefined ? [] : [ringside.team];
});

try {
  const { values } = parseArgs({
    options: { data: { type: 'string', default: join(root, 'data') }, port: { type: 'string', default: '3009' } },
  });
  const directory = join(resolve(process.env['INIT_CWD'] ?? root, values.data), 'issuer');
  const issuer = await startIssuer({ directory, port: Number(values.port), teams, env: process.env });
  console.log(`The development issuer is at ${issuer.url}. Services take its tokens with these settings:`);
  for (const [name, value] of Object.entries(issuer.settingsWithKeys)) console.log(`export ${name}='${value}'`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void issuer.close());
} catch (error) {
  console.error(error instanceof StartupError ? error.message : String(error));
  process.exitCode = 1;
}
