/** What Schemathesis writes of a run, as far as it is looked at here. */
export interface FuzzReport {
  readonly operations: { readonly tested: number; readonly selected: number };
  readonly test_cases: { readonly generated: number };
  readonly failures: readonly { readonly title: string; readonly operations: readonly string[] }[];
  readonly errors: readonly { readonly title?: string; readonly message?: string }[];
}

const shownMax = 12;

/** What a run of Schemathesis found; `code`: its exit code, which is 0 where it has found nothing. */
export function faultsOf({ failures, errors, operations, test_cases: cases }: FuzzReport, code: 0 | 1): readonly string[] {
  const found = failures.flatMap(({ title, operations: where }) => where.map((operation) => `${title}: ${operation}`));
  const more = found.length > shownMax ? [`and ${found.length - shownMax} more`] : [];
  const untested = operations.selected - operations.tested;
  const faults = [
    ...found.slice(0, shownMax),
    ...more,
    ...errors.map(({ title, message }) => title ?? message ?? 'an error of Schemathesis'),
    ...(untested > 0 ? [`${untested} operations were not tested`] : []),
    ...(operations.selected === 0 ? ['no operation was selected'] : []),
    ...(cases.generated === 0 ? ['no request was generated'] : []),
  ];
  return code === 1 && faults.length === 0 ? ['Schemathesis ended with 1, and its report names nothing'] : faults;
}
