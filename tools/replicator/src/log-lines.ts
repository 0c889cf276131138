/** A line as the services write them. */
export function logLine(level: 'info' | 'warn', message: string, fields: object = {}): void {
  const time = new Date().toISOString();
  console.log(JSON.stringify({ level, time, service: 'replicator', ...fields, msg: message }));
}

/** At most so many things are told apart; beyond, the oldest is forgotten. */
const thingsMax = 1_000;

/** A warning that says each thing at most once in this time, in ms, and then how often it was since the last. */
export function warnSparingly(everyMs: number): (thing: string, message: string, fields?: object) => void {
  const said = new Map<string, { readonly at: number; unsaid: number }>();
  return (thing, message, fields) => {
    const now = performance.now();
    const before = said.get(thing);
    if (before !== undefined && now - before.at < everyMs) {
      before.unsaid++;
      return;
    }
    said.delete(thing);
    said.set(thing, { at: now, unsaid: 0 });
    if (said.size > thingsMax) said.delete(said.keys().next().value!);
    logLine('warn', message, { ...fields, times: (before?.unsaid ?? 0) + 1 });
  };
}
