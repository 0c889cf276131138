import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The peers have packages and a lock file of their own: nobody gets them who does not ask for them. */
export const peersFolder = fileURLToPath(new URL('../../peers', import.meta.url));

const compiler = fileURLToPath(new URL('../../../../node_modules/typescript/bin/tsc', import.meta.url));
const stamp = join(peersFolder, 'node_modules', '.installed-for');

/** Installs the peers' packages where their lock file is not what is installed, and builds their workers. */
export async function installPeers(say: (line: string) => void): Promise<void> {
  const wanted = createHash('sha256')
    .update(readFileSync(join(peersFolder, 'package-lock.json')))
    .digest('hex');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    say('installing the peers: npm ci in tools/bench/peers, some 100 MB, once');
    // Their scripts would only look for native builds, which are optional.
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
    writeFileSync(stamp, wanted);
  }
  say('building the workers of the peers');
  await run(process.execPath, [compiler, '-p', peersFolder]);
}

/** Of an installed package of the peers. */
export const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(join(peersFolder, 'node_modules', name, 'package.json'), 'utf8')) as { readonly version: string })
    .version;

async function run(program: string, args: readonly string[]): Promise<void> {
  const child = spawn(program, args, { cwd: peersFolder, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  // What went wrong comes first; npm goes on with how it is used.
  const hear = (bytes: Buffer): void => void (said = (said + bytes.toString()).slice(0, 1_000));
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const end = (): void => void child.kill('SIGTERM');
  process.once('exit', end);
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  process.off('exit', end);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} in tools/bench/peers ended with ${code}:\n${said.trim()}`);
}
