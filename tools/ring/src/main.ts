import { StartupError } from '@ringside/core';
import { Command } from 'commander';
import { interrupted } from './command-line.js';
import { addControlCommands } from './control-commands.js';
import { addPlatformCommands } from './platform-commands.js';
import { addPolicyCommands } from './policy-commands.js';
import { addServerCommands } from './server-commands.js';

const exitInterrupted = 130;

const program = new Command('npm run ring --')
  .description(
    'The Global Data Ring: which data may be where, on the servers of its regions. Servers for trying it on this machine, one ' +
      'Apache Pulsar and one Apache Cassandra per region, as processes and without Docker.',
  )
  .helpOption('-h, --help', 'show this')
  .addHelpText(
    'after',
    '\nThe servers of `up` are fetched through Maven, once, into .cache/ring or into RINGSIDE_RING_CACHE. They need Java 17 (JAVA_HOME).' +
      '\nup, status, logs and down are also npm run ring:up, ring:status, ring:logs, ring:down.',
  );
addServerCommands(program);
addPolicyCommands(program);
addControlCommands(program);
addPlatformCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = interrupted.aborted ? exitInterrupted : 1;
  if (interrupted.aborted) console.error('Interrupted; what this command had started is stopped.');
  else console.error(error instanceof StartupError ? error.message : error);
}
