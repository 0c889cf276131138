/** Prints how many contract cases each driver has passed, so that it can be seen that all drivers of a port have had the same. */
export default class CountContractCases {
  onRunComplete(_contexts, { testResults }) {
    const cases = testResults
      .flatMap((file) => file.testResults)
      .filter(({ ancestorTitles: [title] }) => /contract/.test(title ?? ''));
    const drivers = grouped(cases);
    if (drivers.size === 0) return;
    console.log('\nContract cases per driver:');
    for (const [title, own] of drivers) {
      const count = (status) => own.filter((one) => one.status === status).length;
      const [passed, failed, skipped] = ['passed', 'failed', 'pending'].map(count);
      console.log(`  ${title}: ${own.length} cases, ${passed} passed, ${failed} failed, ${skipped} skipped`);
    }
  }
}

const titleOf = ({ ancestorTitles: [title] }) => title;

function grouped(cases) {
  const groups = new Map();
  for (const one of cases) groups.set(titleOf(one), [...(groups.get(titleOf(one)) ?? []), one]);
  return groups;
}
