import unit from './jest.config.mjs';

// Black-box scenarios over the built services: `npm run test:e2e`. `npm test` leaves them out.
export default {
  ...unit,
  roots: ['<rootDir>/e2e'],
  testEnvironmentOptions: {},
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  maxWorkers: 1,
  workerIdleMemoryLimit: undefined, // few specs: one process has room for them
  testTimeout: 90_000,
};
