import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** Clients of real servers appear in one driver each; everybody else goes through the ports. */
const clients = ['pulsar-client', 'ws', 'cassandra-driver', 'lmdb'];

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
      '@nx/enforce-module-boundaries': [
        'error',
        {
          allow: [],
          checkDynamicDependenciesExceptions: [],
          banTransitiveDependencies: false,
          depConstraints: [
            { sourceTag: 'type:core', onlyDependOnLibsWithTags: ['type:core'] },
            { sourceTag: 'type:events', onlyDependOnLibsWithTags: ['type:core'] },
            {
              sourceTag: 'type:domain',
              onlyDependOnLibsWithTags: ['type:core', 'type:events', 'type:domain'],
              bannedExternalImports: ['@nestjs/*', 'fastify', ...clients],
            },
            { sourceTag: 'type:port', onlyDependOnLibsWithTags: ['type:core', 'type:events'] },
            { sourceTag: 'type:contract', onlyDependOnLibsWithTags: ['type:core', 'type:port'] },
            { sourceTag: 'type:driver-support', onlyDependOnLibsWithTags: ['type:core'] },
            {
              sourceTag: 'type:driver',
              onlyDependOnLibsWithTags: ['type:core', 'type:port', 'type:driver-support', 'type:contract'],
            },
            { sourceTag: 'type:driver-choice', onlyDependOnLibsWithTags: ['type:core', 'type:port', 'type:driver'] },
            {
              sourceTag: 'type:platform',
              onlyDependOnLibsWithTags: ['type:core', 'type:events', 'type:port'],
              bannedExternalImports: clients,
            },
            {
              sourceTag: 'type:kit',
              onlyDependOnLibsWithTags: [
                'type:core',
                'type:events',
                'type:port',
                'type:domain',
                'type:platform',
                'type:testing',
              ],
              bannedExternalImports: clients,
            },
            {
              sourceTag: 'type:service',
              onlyDependOnLibsWithTags: [
                'type:core',
                'type:events',
                'type:port',
                'type:domain',
                'type:kit',
                'type:platform',
                'type:testing',
              ],
              bannedExternalImports: clients,
            },
            {
              sourceTag: 'type:app',
              onlyDependOnLibsWithTags: ['type:core', 'type:service', 'type:driver-choice', 'type:platform', 'type:kit'],
              bannedExternalImports: clients,
            },
            { sourceTag: 'type:testing', onlyDependOnLibsWithTags: ['*'] },
            { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['*'] },
            { sourceTag: 'type:e2e', onlyDependOnLibsWithTags: ['type:core', 'type:events'] },
            // A team never imports another team, and nothing shared imports a team.
            { sourceTag: 'scope:shared', onlyDependOnLibsWithTags: ['scope:shared'] },
            { sourceTag: 'scope:intake', onlyDependOnLibsWithTags: ['scope:shared', 'scope:intake'] },
            { sourceTag: 'scope:cheating', onlyDependOnLibsWithTags: ['scope:shared', 'scope:cheating'] },
            { sourceTag: 'scope:abuse', onlyDependOnLibsWithTags: ['scope:shared', 'scope:abuse'] },
            { sourceTag: 'scope:triage', onlyDependOnLibsWithTags: ['scope:shared', 'scope:triage'] },
          ],
        },
      ],
      'import/no-cycle': ['error', { ignoreExternal: true }],
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-console': 'error',
    },
  },
  { files: ['tools/**', '**/*.mjs'], rules: { 'no-console': 'off' } },
  { files: ['**/*.mjs'], languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } } },
  prettier,
);
