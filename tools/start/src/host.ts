/** The address that services listen on, and the one under which they are reached from here. */
export function hostOf(env: NodeJS.ProcessEnv): { readonly bind: string; readonly reach: string } {
  const bind = env['RINGSIDE_HOST'] || '127.0.0.1';
  if (bind === '0.0.0.0') return { bind, reach: '127.0.0.1' };
  return { bind, reach: bind.includes(':') ? `[${bind}]` : bind };
}
