// Shows that a team can leave: takes its projects out of a copy of the last commit, and builds and tests all that remains.
//
//   npm run check:without-team -- abuse        one team, by its scope tag
//   npm run check:without-team                 each team in turn
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const notTeams = new Set(['shared', 'tools', 'intake']);

/** Folders of the workspace's projects, with their scope. */
function projectsIn(directory) {
  const found = [];
  const visit = (folder, depth) => {
    const manifest = join(folder, 'package.json');
    if (depth > 0 && existsSync(manifest)) {
      const { name, nx } = JSON.parse(readFileSync(manifest, 'utf8'));
      const scope = nx?.tags?.find((tag) => tag.startsWith('scope:'))?.slice('scope:'.length);
      if (scope !== undefined) return void found.push({ name, folder, scope });
    }
    if (depth === 3) return;
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory() && !['node_modules', 'dist', 'src', '.git'].includes(entry.name))
        visit(join(folder, entry.name), depth + 1);
    }
  };
  for (const top of ['libs', 'apps', 'tools']) visit(join(directory, top), 0);
  return found;
}

function run(directory, command, ...args) {
  console.log(`  ${command} ${args.join(' ')}`);
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: Infinity,
    env: { ...process.env, NX_DAEMON: 'false' },
  });
  if (status !== 0) throw new Error(`${stdout}${stderr}\n  failed: ${command} ${args.join(' ')}`);
}

function withoutTeam(scope) {
  const copy = mkdtempSync(join(tmpdir(), `ringside-without-${scope}-`));
  try {
    console.log(`without ${scope}:`);
    execFileSync('git', ['clone', '--quiet', '--no-hardlinks', root, copy]);
    const leaving = projectsIn(copy).filter((project) => project.scope === scope);
    for (const { name, folder } of leaving) {
      console.log(`  - ${name}`);
      rmSync(folder, { recursive: true });
    }
    const config = join(copy, 'tsconfig.json');
    const { references, ...rest } = JSON.parse(readFileSync(config, 'utf8'));
    const gone = new Set(leaving.map(({ folder }) => `./${relative(copy, folder)}`));
    writeFileSync(config, JSON.stringify({ ...rest, references: references.filter(({ path }) => !gone.has(path)) }, null, 2));
    // Nor are its services in the ring of docker/: one line each, in what runs and in what is asked for metrics.
    for (const file of ['docker/compose.yml', 'docker/prometheus/prometheus.yml'].map((name) => join(copy, name))) {
      const isGone = (line) => leaving.some(({ folder }) => new RegExp(`^ +(- .*')?${basename(folder)}-\\w+:`).test(line));
      const lines = readFileSync(file, 'utf8').split('\n');
      writeFileSync(file, lines.filter((line) => !isGone(line)).join('\n'));
    }
    // The installed packages are the same, but for the links to the projects that left.
    for (const folder of [root, ...projectsIn(root).map((project) => project.folder)]) {
      const [installed, there] = [join(folder, 'node_modules'), join(copy, relative(root, folder))];
      if (!existsSync(installed) || !existsSync(there)) continue;
      cpSync(installed, join(there, 'node_modules'), { recursive: true, verbatimSymlinks: true });
    }
    for (const { name } of leaving) rmSync(join(copy, 'node_modules', name), { force: true });
    run(copy, 'npx', 'prettier', '--write', 'tsconfig.json');
    run(copy, 'npm', 'run', 'lint');
    run(copy, 'npm', 'test', '--', '--silent');
    console.log(`  all else builds, and passes its tests`);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const teams = [...new Set(projectsIn(root).map(({ scope }) => scope))].filter((scope) => !notTeams.has(scope));
const [asked] = process.argv.slice(2);
if (asked === '--help') {
  console.log(
    `npm run check:without-team [-- TEAM]: shows that all else builds and passes without a team (${teams.join(', ')}).`,
  );
} else if (asked !== undefined && !teams.includes(asked)) {
  console.error(`There is no team "${asked}": ${teams.join(', ')}.`);
  process.exitCode = 1;
} else {
  try {
    for (const team of asked === undefined ? teams : [asked]) withoutTeam(team);
  } catch (error) {
    console.error(`  ${error.message}`);
    process.exitCode = 1;
  }
}
