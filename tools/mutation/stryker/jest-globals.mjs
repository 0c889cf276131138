/*
 * What the specs import from `@jest/globals`, for a runner that loads them once and runs them many times: `expect` is Jest's own, the
 * rest collects hooks and tests.
 */
import { performance } from 'node:perf_hooks';
import { format } from 'node:util';

import { TestStatus } from '@stryker-mutator/api/test-runner';
import { expect } from 'expect';

const suiteOf = (title, parent) => ({ title, parent, children: [], before: [], after: [] });

let current = suiteOf('');

/** What a spec file declares while `load` imports it. */
export async function collect(title, load) {
  const root = suiteOf(title);
  current = root;
  await load();
  return root;
}

export function describe(title, declare) {
  const parent = current;
  current = suiteOf(title, parent);
  parent.children.push(current);
  declare();
  current = parent;
}

export function it(title, run) {
  current.children.push({ title, parent: current, run });
}

const each = (declare) => (table) => (title, run) => {
  for (const row of table) {
    const values = Array.isArray(row) ? row : [row];
    const places = title.match(/%[sdifjoOp]/g)?.length ?? 0;
    const named = title.replace(/\$(\w+)/g, (_, name) => String(values[0]?.[name]));
    declare(format(named.replaceAll('%p', '%j'), ...values.slice(0, places)), () => run(...values));
  }
};
it.each = each(it);
describe.each = each(describe);

export const beforeEach = (run) => void current.before.push(run);
export const afterEach = (run) => void current.after.push(run);
const once = () => {
  throw new Error('Tests are run one by one here, in any order: there is no beforeAll and no afterAll.');
};
export { expect, it as test, once as beforeAll, once as afterAll };

/** Tests with the hooks around them, under names that no two of them share. */
export function testsIn(suite, file, above = { names: [], before: [], after: [] }, taken = new Map()) {
  const names = [...above.names, suite.title];
  const before = [...above.before, ...suite.before];
  const after = [...suite.after, ...above.after];
  return suite.children.flatMap((child) => {
    if (child.children !== undefined) return testsIn(child, file, { names, before, after }, taken);
    const name = [...names, child.title].join(' > ');
    const twins = (taken.get(name) ?? 0) + 1;
    taken.set(name, twins);
    return [{ id: twins === 1 ? name : `${name} (${twins})`, name, fileName: file, before, run: child.run, after }];
  });
}

export async function runTest({ id, name, fileName, before, run, after }) {
  const started = performance.now();
  const result = (rest) => ({ id, name, fileName, timeSpentMs: Math.round(performance.now() - started), ...rest });
  try {
    for (const hook of before) await hook();
    try {
      await run();
    } finally {
      for (const hook of after) await hook();
    }
    return result({ status: TestStatus.Success });
  } catch (error) {
    return result({ status: TestStatus.Failed, failureMessage: String(error?.message ?? error).slice(0, 2_000) });
  }
}
