/*
 * A test runner for Stryker that loads the specs of one library into one process and runs those again and again that concern a mutant,
 * the quickest first, until one fails. Stryker's own runner for Jest starts Jest anew for each mutant, a second or more of a core in
 * native ES modules, where most of our specs take milliseconds.
 *
 * Modules keep what they were left with from run to run, which Jest would not let them. So a test that fails while a mutant is active
 * has to pass at once without it, or all is loaded anew and the mutant is judged again.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { commonTokens, tokens } from '@stryker-mutator/api/plugin';
import {
  DryRunStatus,
  MutantRunStatus,
  TestStatus,
  determineHitLimitReached,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';

import { collect, runTest, testsIn } from './jest-globals.mjs';

/** In the sandbox, where this process runs: what the first run showed, for the processes that come after it. */
const measured = 'first-run.json';

const failed = ({ status }) => status === TestStatus.Failed;

export class InProcessRunner {
  static inject = tokens(commonTokens.options);

  #specs;
  /** Folders of what is loaded anew for a mutant. */
  #renewed;
  #directory = process.cwd();
  #context = (globalThis.__stryker__ ??= {});
  #loads = 0;
  /** What is loaded, and is not a mutant's. */
  #tests;
  /** How long each test took when nothing was mutated, in ms. */
  #times = new Map();
  /** How many mutants each spec has told, of those that are there while it is loaded. */
  #told = new Map();
  /** Of mutants of what is run both while modules are loaded and later: the tests that run it later. */
  #runLater = new Map();

  constructor({ inProcess: { specs, renewed } }) {
    this.#specs = specs;
    this.#renewed = renewed;
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  init() {
    register('./sources.mjs', import.meta.url, { data: { directory: this.#directory, renewed: this.#renewed } });
    if (existsSync(measured)) {
      const { times, runLater } = JSON.parse(readFileSync(measured, 'utf8'));
      this.#times = new Map(times);
      this.#runLater = new Map(runLater);
    }
    return Promise.resolve();
  }

  async dryRun() {
    try {
      const tests = await this.#loadAndRun({ perTest: true, bail: false });
      for (const { id, timeSpentMs } of tests) this.#times.set(id, timeSpentMs);
      const { mutantCoverage } = this.#context;
      this.#runLater = testsOfLoaded(mutantCoverage);
      writeFileSync(measured, JSON.stringify({ times: [...this.#times], runLater: [...this.#runLater] }));
      return { status: DryRunStatus.Complete, tests, mutantCoverage };
    } catch (error) {
      return { status: DryRunStatus.Error, errorMessage: String(error?.stack ?? error) };
    }
  }

  async mutantRun({ activeMutant: { id: mutant }, testFilter, disableBail, hitLimit, mutantActivation }) {
    const bail = !disableBail;
    try {
      if (mutantActivation !== 'static') {
        const only = testFilter && new Set(testFilter);
        return await this.#judge(hitLimit, () => this.#runLoaded({ mutant, only, bail }));
      }
      // A test that fails with the mutant in what is loaded already shows as much, and takes less than loading all anew.
      const only = this.#runLater.get(mutant);
      if (only !== undefined) {
        const verdict = await this.#judge(hitLimit, () => this.#runLoaded({ mutant, only: new Set(only), bail }));
        if (verdict.status !== MutantRunStatus.Survived) return verdict;
      }
      return await this.#judge(hitLimit, () => this.#loadAndRun({ mutant, bail }));
    } catch (error) {
      return toMutantRunResult({ status: DryRunStatus.Error, errorMessage: String(error?.stack ?? error) });
    }
  }

  async #judge(hitLimit, run) {
    this.#context.hitLimit = hitLimit;
    this.#context.hitCount = hitLimit ? 0 : undefined;
    const tests = await run();
    const endless = determineHitLimitReached(this.#context.hitCount, this.#context.hitLimit);
    if (endless) this.#tests = undefined;
    return toMutantRunResult(endless ?? { status: DryRunStatus.Complete, tests });
  }

  /** With modules of its own that were loaded while the mutant was active; file by file, so that nothing is loaded after a failure. */
  async #loadAndRun({ mutant, perTest, bail }) {
    const load = ++this.#loads;
    const results = [];
    for (const spec of mutant === undefined ? this.#specs : this.#mostTellingFirst()) {
      this.#context.activeMutant = mutant;
      let tests;
      try {
        tests = await this.#load(spec, load);
      } catch (error) {
        if (mutant === undefined) throw error;
        // The library cannot even be loaded: whoever runs any spec sees that.
        const failureMessage = `Does not load: ${String(error)}`;
        return [{ id: spec, name: spec, fileName: spec, timeSpentMs: 0, status: TestStatus.Failed, failureMessage }];
      }
      results.push(...(await this.#runTests(tests, { perTest, bail })));
      if (!results.some(failed)) continue;
      this.#told.set(spec, (this.#told.get(spec) ?? 0) + 1);
      if (bail) break;
    }
    const failure = results.find(failed);
    if (mutant !== undefined && failure !== undefined) await this.#expectPassedWithout(failure.id);
    return results;
  }

  #mostTellingFirst() {
    const told = (spec) => this.#told.get(spec) ?? 0;
    return [...this.#specs].sort((a, b) => told(b) - told(a));
  }

  /** What is not loaded anew for a mutant keeps what it was left with: then a test may fail though no mutant is there. */
  async #expectPassedWithout(id) {
    this.#context.activeMutant = undefined;
    this.#context.hitCount = undefined;
    const tests = (this.#tests ??= await this.#loadAll());
    const test = tests.find((one) => one.id === id);
    // Named after something that the mutant changed.
    if (test === undefined) return;
    const without = await runTest(test);
    if (failed(without)) throw new Error(`${id} fails without any mutant: ${without.failureMessage}`);
  }

  async #runLoaded({ mutant, only, bail }, again = true) {
    this.#context.activeMutant = undefined;
    const tests = (this.#tests ??= await this.#loadAll()).filter(({ id }) => only?.has(id) ?? true);
    const quickestFirst = tests.sort((a, b) => this.#timeOf(a) - this.#timeOf(b));
    this.#context.activeMutant = mutant;
    const results = await this.#runTests(quickestFirst, { bail });
    this.#context.activeMutant = undefined;
    const failure = results.find(failed);
    if (failure === undefined || !again) return results;
    const { hitCount } = this.#context;
    this.#context.hitCount = undefined;
    const without = await runTest(tests.find(({ id }) => id === failure.id));
    this.#context.hitCount = hitCount;
    if (!failed(without)) return results;
    this.#tests = undefined;
    const anew = await this.#runLoaded({ mutant, only, bail }, false);
    this.#tests = undefined;
    return anew;
  }

  #timeOf = ({ id }) => this.#times.get(id) ?? 0;

  async #loadAll() {
    const load = ++this.#loads;
    const tests = [];
    for (const spec of this.#specs) tests.push(...(await this.#load(spec, load)));
    return tests;
  }

  async #load(spec, load) {
    const file = join(this.#directory, spec);
    const root = await collect(spec, () => import(`${pathToFileURL(file).href}?load=${load}`));
    return testsIn(root, file);
  }

  async #runTests(tests, { perTest, bail }) {
    const results = [];
    for (const test of tests) {
      if (perTest) this.#context.currentTestId = test.id;
      const result = await runTest(test);
      results.push(result);
      if (failed(result) && bail) break;
    }
    if (perTest) this.#context.currentTestId = undefined;
    return results;
  }
}

function testsOfLoaded({ static: loaded, perTest }) {
  const tests = new Map();
  for (const [test, hits] of Object.entries(perTest))
    for (const mutant of Object.keys(hits)) if (loaded[mutant] > 0) tests.set(mutant, [...(tests.get(mutant) ?? []), test]);
  return tests;
}
