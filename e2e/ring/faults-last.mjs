/** Jest's order of spec files: contract suites first, and last those that kill servers, so that nothing else has to bear what they leave. */
export default class FaultsLast {
  sort(tests) {
    return [...tests].sort((a, b) => rank(a.path) - rank(b.path) || a.path.localeCompare(b.path));
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {
    // Jest's own sequencer keeps durations here, to begin with the longest; this order needs none.
  }
}

function rank(path) {
  if (/contract\.(ring-)?spec\.ts$/.test(path)) return 0;
  return path.endsWith('faults.ring-spec.ts') ? 2 : 1;
}
