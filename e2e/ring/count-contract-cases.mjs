/**
 * Prints how many contract cases each driver has met, and fails the run where the drivers of one port have not had the same
 * number: a case that is left out in silence would look like one that passes.
 */
export default class CountContractCases {
  #error;

  onRunComplete(_contexts, { testResults }) {
    const counts = countsOf(testResults.flatMap((file) => file.testResults));
    if (counts.size > 0) console.log('\nContract cases per driver:');
    const casesOfPort = new Map();
    for (const [title, { passed, failed, pending }] of counts) {
      const cases = passed + failed + pending;
      console.log(`  ${title}: ${cases} cases, ${passed} passed, ${failed} failed, ${pending} skipped`);
      const [port] = /^.*contract/.exec(title);
      if ((casesOfPort.get(port) ?? cases) !== cases)
        this.#error = new Error(`Not the same cases for every driver of ${port}.`);
      casesOfPort.set(port, cases);
    }
  }

  getLastError() {
    return this.#error;
  }
}

/** By the title of the suite, which names port and driver. */
function countsOf(tests) {
  const counts = new Map();
  for (const { ancestorTitles, status } of tests) {
    const [title = ''] = ancestorTitles;
    if (!title.includes('contract')) continue;
    const count = counts.get(title) ?? { passed: 0, failed: 0, pending: 0 };
    counts.set(title, { ...count, [status]: count[status] + 1 });
  }
  return counts;
}
