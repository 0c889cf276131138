import { readFileSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { StartupError } from '@ringside/core';
import { mapOf, mermaidOf, parsePolicy, policyFaultText, svgOf, whereIs, type RingPolicy } from '@ringside/data-ring';
import { Option, type Command } from 'commander';
import pc from 'picocolors';

import { from, print, root } from './command-line.js';
import { summaryOf, whereLines } from './print-where.js';
import { serviceWarnings, workspaceServices } from './unknown-services.js';

interface PolicyOption {
  readonly policy: string;
}

interface MapOptions extends PolicyOption {
  readonly format: 'svg' | 'mermaid';
  readonly out?: string;
}

const path = (text: string): string => resolve(from, text);
const ownPolicy = resolve(root, 'ring.yaml');

/** What the ring's policy says, without any server: whether it is in order, where data may be, and its picture. */
export function addPolicyCommands(program: Command): void {
  program
    .command('check')
    .description("whether the ring's policy is in order; else everything that is wrong with it, with line and column")
    .argument('[file]', "the ring's policy (default: ./ring.yaml)", path)
    .action(check);
  withPolicy(program.command('map'))
    .description('draw the ring: its regions, its zones, and what goes from where to where')
    .addOption(new Option('--format <format>', 'how').choices(['svg', 'mermaid']).default('svg'))
    .addOption(new Option('--out <file>', 'write it there instead of printing it').argParser(path))
    .action(draw);
  withPolicy(program.command('where'))
    .description('in which regions something may be found, and by what right')
    .argument('<what>', 'an event type, a topic, a view or a field: ReportFiled, cases, case_steps, description')
    .option('--json', 'for programs', false)
    .action(where);
}

const withPolicy = (command: Command): Command =>
  command.addOption(new Option('--policy <file>', "the ring's policy").default(ownPolicy, './ring.yaml').argParser(path));

function check(file: string = ownPolicy): void {
  const policy = read(file);
  for (const warning of serviceWarnings(policy, workspaceServices(root))) console.error(pc.yellow(`Warning: ${warning}`));
  print(summaryOf(policy));
}

function draw({ policy, format, out }: MapOptions): void {
  const map = mapOf(read(policy));
  const drawn = format === 'svg' ? svgOf(map) : mermaidOf(map);
  if (out === undefined) return void process.stdout.write(drawn);
  try {
    writeFileSync(out, drawn);
  } catch (error) {
    throw new StartupError(`The map cannot be written: ${(error as Error).message}.`, { cause: error });
  }
  print(`The map is in ${relative(from, out)}.`);
}

function where(what: string, { policy, json }: PolicyOption & { readonly json: boolean }): void {
  const answer = whereIs(read(policy), what);
  if (json) print(JSON.stringify(answer, null, 2));
  else for (const line of whereLines(answer)) print(line);
  if (answer.found.length === 0) process.exitCode = 1;
}

/** Throws {@link StartupError} with a line for each fault. */
function read(file: string): RingPolicy {
  const name = relative(from, file);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new StartupError(`The policy ${name} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
  const parsed = parsePolicy(text, name);
  if (parsed.ok) return parsed.value;
  throw new StartupError(parsed.error.map((fault) => policyFaultText(fault)).join('\n'));
}
