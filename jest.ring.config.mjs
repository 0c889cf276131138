import base from './jest.config.mjs';

/** Specs against real servers, `npm run test:ring`; `npm test` leaves them out. */
export default {
  ...base,
  // The embedded drivers' contract suites as well, so that one run shows the count of all drivers.
  testMatch: ['**/src/**/*.ring-spec.ts', '**/{event-log,view-store}/*/src/*contract.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  // They share two servers, which they stop and start.
  maxWorkers: 1,
  workerIdleMemoryLimit: undefined, // few specs: one process has room for them
  testSequencer: '<rootDir>/e2e/ring/faults-last.mjs',
  testTimeout: 120_000,
  // A client that does not let go of its connections must not keep the servers running.
  forceExit: true,
  reporters: ['default', '<rootDir>/e2e/ring/count-contract-cases.mjs'],
};
