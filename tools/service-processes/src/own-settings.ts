/** The environment without the settings of whoever runs a harness: with them it would be another run at each desk. */
export const ownSettingsAside = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('RINGSIDE_') && name !== 'NODE_ENV'));
