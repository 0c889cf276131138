/** Reads `KEY=value` lines; empty lines and lines that begin with # are passed over. */
export function parseProperties(text: string): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const found = /^\s*([A-Za-z0-9_.]+)\s*=(.*)$/.exec(line);
    if (found) properties.set(found[1]!, found[2]!.trim());
  }
  return properties;
}

/**
 * A properties file with other values: keys that it has keep their line, the rest is added below. The base need not end in a
 * newline (Pulsar's own standalone.conf does not, and a key added naively would run into its last line).
 */
export function overrideProperties(base: string, overrides: ReadonlyMap<string, string>): string {
  const missing = new Map(overrides);
  const lines = base
    .replace(/\n+$/, '')
    .split('\n')
    .map((line) => {
      const key = /^\s*([A-Za-z0-9_.]+)\s*=/.exec(line)?.[1];
      const value = key === undefined ? undefined : overrides.get(key);
      if (key === undefined || value === undefined) return line;
      missing.delete(key);
      return `${key}=${value}`;
    });
  for (const [key, value] of missing) lines.push(`${key}=${value}`);
  return `${lines.join('\n')}\n`;
}
