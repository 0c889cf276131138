import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StartupError } from '@ringside/core';
import { Command, InvalidArgumentError } from 'commander';
import { startIssuer } from './issuer.js';

const root = resolve(import.meta.dirname, '../../..');

/** The teams of the workspace, as their services' package.json name them. */
const teams = readdirSync(join(root, 'apps')).flatMap((app) => {
  const manifest = join(root, 'apps', app, 'package.json');
  if (!existsSync(manifest)) return [];
  const { ringside } = JSON.parse(readFileSync(manifest, 'utf8')) as { ringside?: { team?: string } };
  return ringside?.team === undefined ? [] : [ringside.team];
});

function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('It must be a whole number up to 65535; 0 for any that is free.');
}

const options = new Command('npm run issuer --')
  .description('Signs tokens for trying the services out on this machine, and prints the settings with which they take them.')
  .option('--data <dir>', 'data directory, where its key is kept', 'data')
  .option('--port <n>', 'port on the loopback interface', portOf, 3009)
  .helpOption('-h, --help', 'show this')
  .parse()
  .opts<{ readonly data: string; readonly port: number }>();

try {
  const directory = join(resolve(process.env['INIT_CWD'] ?? root, options.data), 'issuer');
  const issuer = await startIssuer({ directory, port: options.port, teams, env: process.env });
  console.log(`The development issuer is at ${issuer.url}. Services take its tokens with these settings:`);
  for (const [name, value] of Object.entries(issuer.settingsWithKeys)) console.log(`export ${name}='${value}'`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void issuer.close());
} catch (error) {
  console.error(error instanceof StartupError ? error.message : String(error));
  process.exitCode = 1;
}
