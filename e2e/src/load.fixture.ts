import { expect } from '@jest/globals';
import { until, type Running } from './processes.fixture.js';
import { metric, runLoadgen, type Ringside, type ServiceAddress } from './ringside.fixture.js';

export const intakeOf = ({ services }: Pick<Ringside, 'services'>): ServiceAddress =>
  services.find(({ name }) => name === 'report-intake')!;

const received = (ringside: Ringside): Promise<number> => metric(intakeOf(ringside), 'ringside_reports_received_total', /./);

/** Loadgen has verified what it filed; its figures are in the message where it has not. Resolves with what it said. */
export async function expectVerified(loadgen: Running): Promise<string> {
  const code = await loadgen.exited;
  const output = `${loadgen.output()}${loadgen.stderr()}`;
  expect({ code, output }).toEqual({
    code: 0,
    output: expect.stringContaining('Verified: nothing lost, nothing doubled, nothing in the wrong place'),
  });
  return output;
}

/** The same, and every report has had its answer in the end: none was given up. */
export async function expectAllVerified(loadgen: Running): Promise<void> {
  expect(await expectVerified(loadgen)).toMatch(/outcome unknown +│ 0 /);
}

/** Resolves when so many of its reports are in. */
export async function underLoad(ringside: Ringside, reports: number, ...args: readonly string[]): Promise<Running> {
  const before = await received(ringside);
  const loadgen = runLoadgen(ringside, '--verify', ...args);
  await until('reports come in', 20, async () => ((await received(ringside)) >= before + reports ? true : undefined));
  return loadgen;
}
