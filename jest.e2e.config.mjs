import unit from './jest.config.mjs';

// Black-box scenarios over the built services, and what takes built threads: `npm run test:e2e`. `npm test` leaves them out.
export default {
  ...unit,
  roots: ['<rootDir>/e2e', '<rootDir>/tools/views'],
  testMatch: ['<rootDir>/e2e/src/**/*.spec.ts', '**/src/**/*.e2e-spec.ts'],
  testEnvironmentOptions: {},
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  maxWorkers: 1,
  workerIdleMemoryLimit: undefined, // few specs: one process has room for them
  testTimeout: 90_000,
};
