/** A report that is taken, with `extra` on top. `canary` is in what the player wrote. */
export const formText = (canary: string, extra: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    game: 'arena',
    reporterId: 'hostile-reporter',
    subjectId: 'hostile-subject',
    reason: 'aimbot',
    description: `Written by a player: ${canary}`,
    ...extra,
  });

/**
 * A report of exactly so many bytes that is taken, filled up by spaces between its fields: what a limit of bytes counts, and no
 * limit of a field.
 */
export function formOfBytes(canary: string, bytes: number): Buffer {
  const form = formText(canary);
  return Buffer.from(`{${' '.repeat(bytes - form.length)}${form.slice(1)}`);
}
