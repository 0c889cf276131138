import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** Clients of real servers appear in one driver each; everybody else goes through the ports. */
const clients = ['pulsar-client', 'ws', 'cassandra-driver', 'lmdb'];

const nestAndClients = ['@nestjs/*', 'fastify', ...clients];
const may = (sourceTag, ...onlyDependOnLibsWithTags) => ({ sourceTag, onlyDependOnLibsWithTags });

/** Which project may import which, by their tags (`nx.tags` in each package.json). `support`: what specs may import besides. */
const boundaries = (support) => [
  'error',
  {
    allow: [],
    banTransitiveDependencies: false,
    depConstraints: [
      may('type:core', 'type:core'),
      may('type:events', 'type:core', ...support),
      { ...may('type:domain', 'type:core', 'type:events', 'type:domain', ...support), bannedExternalImports: nestAndClients },
      { ...may('type:ring', 'type:core', 'type:events'), bannedExternalImports: nestAndClients },
      may('type:port', 'type:core', 'type:events', 'type:ring'),
      may('type:contract', 'type:core', 'type:port', 'type:testing'),
      may('type:driver-support', 'type:core'),
      may('type:driver', 'type:core', 'type:ring', 'type:port', 'type:driver-support', 'type:contract'),
      may('type:driver-choice', 'type:core', 'type:ring', 'type:port', 'type:driver'),
      {
        ...may('type:platform', 'type:core', 'type:events', 'type:ring', 'type:port', ...support),
        bannedExternalImports: clients,
      },
      {
        ...may('type:kit', 'type:core', 'type:events', 'type:ring', 'type:port', 'type:domain', 'type:platform', ...support),
        bannedExternalImports: clients,
      },
      {
        ...may(
          'type:service',
          ...['type:core', 'type:events', 'type:ring', 'type:port', 'type:domain', 'type:kit', 'type:platform'],
          ...['type:ring-control', ...support],
        ),
        bannedExternalImports: clients,
      },
      // It sets up servers, so it knows the drivers' administration; team services cannot reach it (scope:ring).
      {
        ...may('type:ring-control', 'type:core', 'type:events', 'type:ring', 'type:port', 'type:driver', ...support),
        bannedExternalImports: clients,
      },
      {
        ...may('type:app', 'type:core', 'type:service', 'type:driver-choice', 'type:platform'),
        bannedExternalImports: clients,
      },
      may('type:testing', '*'),
      may('type:tool', '*'),
      may('type:e2e', 'type:core', 'type:events', 'type:ring', 'type:driver-choice', 'type:tool', ...support),
      // A team never imports another team, and nothing shared imports a team.
      may('scope:shared', 'scope:shared'),
      may('scope:intake', 'scope:shared', 'scope:intake'),
      may('scope:cheating', 'scope:shared', 'scope:cheating'),
      may('scope:abuse', 'scope:shared', 'scope:abuse'),
      may('scope:triage', 'scope:shared', 'scope:triage'),
      may('scope:ring', 'scope:shared', 'scope:ring'),
    ],
  },
];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.cache/**', '.nx/**', 'data/**', 'coverage/**', '.test-results/**'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  ...tseslint.configs.stylistic,
  {
    plugins: { '@nx': nx, import: importX },
    settings: {
      'import-x/resolver-next': [createTypeScriptImportResolver({ conditionNames: ['@ringside/source', 'node', 'import'] })],
    },
    rules: {
      '@nx/enforce-module-boundaries': boundaries([]),
      'import/no-cycle': ['error', { ignoreExternal: true }],
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-console': 'error',
    },
  },
  { files: ['**/*.spec.ts', '**/*.fixture.ts'], rules: { '@nx/enforce-module-boundaries': boundaries(['type:testing']) } },
  { files: ['tools/**', '**/*.mjs'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', AbortController: 'readonly' } },
  },
  prettier,
);
