// One configuration for every project: `npm test` runs it from the root, `nx test <project>` with that project's --rootDir.
export default {
  testEnvironment: 'node',
  // Sources, not builds: the packages export their TypeScript under this condition.
  testEnvironmentOptions: { customExportConditions: ['@ringside/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['**/src/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '<rootDir>/e2e/'],
  modulePathIgnorePatterns: ['/dist/', '/.cache/'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2022',
        },
        module: { type: 'es6' },
      },
    ],
  },
  testTimeout: 20_000,
  // In its one process Jest keeps what it has loaded of every spec, and collects that garbage over and over; workers are replaced.
  maxWorkers: '100%',
  workerIdleMemoryLimit: '1GB',
};
