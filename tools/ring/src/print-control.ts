import pc from 'picocolors';
import { type Difference, type RingPolicy, type Step, textOfPlace, textOfValue } from '@ringside/data-ring';
import type { RingOperated } from '@ringside/events';
import type { RegionFindings, RingPlan } from '@ringside/ring-control';
import { tableOf } from './table.js';

const colours: Readonly<Record<RegionFindings['state'], (text: string) => string>> = {
  in_order: pc.green,
  differs: pc.yellow,
  unreachable: pc.red,
  failed: pc.red,
};

const words: Readonly<Record<RegionFindings['state'], string>> = {
  in_order: 'in order',
  differs: 'differs from the policy',
  unreachable: 'cannot be reached',
  failed: 'failed',
};

/** Region by region: what is wrong there, by which rule, and what its servers hold nobody to. */
export function findingsLines({ regions }: RingPlan, policy: RingPolicy): readonly string[] {
  return regions.flatMap(({ region, state, problem, differences, unenforced }) => [
    '',
    `${pc.bold(region)} ${policy.regions[region]?.label ?? ''}: ${colours[state](words[state])}`,
    ...(problem === undefined ? [] : [`  ${pc.red(problem)}`]),
    ...differences.flatMap(differenceLines),
    ...unenforced.map(({ kind, policy: name, reason }) => pc.dim(`  not enforceable here: ${name ?? kind}. ${reason}`)),
  ]);
}

const differenceLines = ({ at, rule, place, wanted, live }: Difference): readonly string[] => [
  `  ${at}`,
  `    ${pc.red(`is      ${textOfValue(place, live)}`)}`,
  `    ${pc.green(`wanted  ${textOfValue(place, wanted)}`)}   ${pc.dim(`by ${rule}`)}`,
];

export function heldLines({ held }: RingPlan): readonly string[] {
  if (held.length === 0) return [];
  const hints = {
    loses_data: ' --accept does it.',
    by_hand: ' It takes a person.',
    region_away: '',
    left_out: ' --accept narrows it.',
  } as const;
  return [
    '',
    pc.bold('held back'),
    ...held.map(({ difference: { region }, message, reason }) => `  ${region}: ${pc.yellow(message)}${hints[reason]}`),
  ];
}

export function stepLines(steps: readonly Step[]): readonly string[] {
  return steps.map(({ region, phase, place, from, to }, index) => {
    const number = String(index + 1).padStart(String(steps.length).length);
    const change = from === undefined ? textOfValue(place, to) : `${textOfValue(place, from)} -> ${textOfValue(place, to)}`;
    return `  ${number} ${region} ${pc.cyan(phase.padEnd(6))} ${textOfPlace(place)}: ${change}`;
  });
}

const detailCharactersMax = 60;

export function runsTable(runs: readonly RingOperated[]): string {
  const head = ['when', 'region', 'operation', 'by', 'outcome', 'differences', 'policy', 'detail'];
  const rows = runs.map(({ data: { startedAt, about, operation, by, outcome, differenceCount, policy, detail = '' } }) => {
    const shown = detail.length > detailCharactersMax ? `${detail.slice(0, detailCharactersMax)}...` : detail;
    return [startedAt, about, operation, by, outcome, String(differenceCount), policy.slice(0, 12), shown];
  });
  return tableOf(head, rows);
}
