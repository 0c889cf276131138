// `npm run test:ring`: starts one region of real servers, runs the specs that need them, and ends the servers whatever happens.
// Arguments are jest's. RINGSIDE_TEST_RING names the directory of a ring that is to be used instead, and to be left running.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ringDown, ringUp } from '@ringside/ring-tool';

const root = resolve(import.meta.dirname, '../..');
const kept = process.env.RINGSIDE_TEST_RING || undefined;
const temporary = kept === undefined ? await mkdtemp(join(tmpdir(), 'ringside-ring-')) : undefined;
// Where `npm start -- --ring` looks for a ring in its data directory.
const directory = temporary === undefined ? resolve(kept) : join(temporary, 'data', 'ring');
// Where the specs make their temporary directories, so that none is left by specs that are interrupted.
const scratch = temporary === undefined ? tmpdir() : join(temporary, 'tmp');
await mkdir(scratch, { recursive: true });
const cache = process.env.RINGSIDE_RING_CACHE || undefined;

// The servers live for minutes: compiling their code with the quick compiler alone halves what their start costs.
process.env.JAVA_TOOL_OPTIONS ??= '-XX:TieredStopAtLevel=1';

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => interrupted.abort());

/** Jest in a process group of its own, with all that its specs start: a signal to this process ends the group first. */
async function runSpecs({ eventLogUrl, nativeEventLogUrl, viewStoreUrl, name }) {
  const native = isInstalled('pulsar-client') ? { RINGSIDE_TEST_PULSAR_NATIVE: nativeEventLogUrl } : {};
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const args = [...flags, resolve(root, 'node_modules/jest/bin/jest.js'), '--config', 'jest.ring.config.mjs'];
  const jest = spawn(process.execPath, [...args, ...process.argv.slice(2)], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
    env: {
      ...process.env,
      ...native,
      RINGSIDE_TEST_PULSAR: eventLogUrl,
      RINGSIDE_TEST_CQL: viewStoreUrl,
      RINGSIDE_TEST_RING: directory,
      RINGSIDE_TEST_REGION: name,
      TMPDIR: scratch,
    },
  });
  interrupted.signal.addEventListener('abort', () => signalGroup(jest.pid, 'SIGTERM'));
  const code = await new Promise((done) => jest.once('close', (code) => done(code ?? 1)));
  await endGroup(jest.pid);
  return code;
}

const endGroupMsMax = 15_000;

/** Waits for what specs that were interrupted had started, and ends what does not end by itself, a paused process for one. */
async function endGroup(group) {
  signalGroup(group, 'SIGTERM');
  for (let waited = 0; waited < endGroupMsMax && signalGroup(group, 0); waited += 250) await pause(250);
  signalGroup(group, 'SIGKILL');
}

/** False where nobody of the group is left. */
function signalGroup(group, signal) {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}

async function ringsIn(parent) {
  const entries = temporary === undefined ? [] : await readdir(parent, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(parent, name, 'ring'));
}

function isInstalled(module) {
  try {
    createRequire(import.meta.url).resolve(module);
    return true;
  } catch {
    return false;
  }
}

try {
  const options = { directory, report: console.log, signal: interrupted.signal };
  const ring = await ringUp(
    {
      ...options,
      ...(cache === undefined ? {} : { cacheDirectory: resolve(cache) }),
      javaHome: process.env.JAVA_HOME || undefined,
    },
    ['local'],
  );
  process.exitCode = await runSpecs(ring.regions.find(({ name }) => name === 'local'));
} catch (error) {
  process.exitCode = 1;
  console.error(error?.name === 'StartupError' ? error.message : error);
} finally {
  // Rings of their own that specs have started and, interrupted, could not end.
  for (const left of await ringsIn(scratch)) await ringDown(left, { purge: true });
  if (temporary !== undefined) {
    for (const line of await ringDown(directory, { purge: true })) console.log(line);
    await rm(temporary, { recursive: true, force: true });
  }
}
