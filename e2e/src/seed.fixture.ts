/** The one that a failure printed, or another one. */
export const seedOfRun = (): number => Number(process.env['RINGSIDE_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
