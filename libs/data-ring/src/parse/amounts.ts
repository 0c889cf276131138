const hoursPer = { h: 1, d: 24, w: 7 * 24, y: 365 * 24 } as const;
/** Decimal, as disks and bills are counted. */
const bytesPer = { MB: 1e6, GB: 1e9, TB: 1e12 } as const;

/** Up to six digits, so that no product of them leaves the integers that a double has. */
export const durationPattern = /^([1-9]\d{0,5})(h|d|w|y)$/;
export const sizePattern = /^([1-9]\d{0,5})(MB|GB|TB)$/;

/** Hours of a text that {@link durationPattern} takes: `36h`, `14d`, `6w`, `2y` (of 365 days). */
export function hoursOf(duration: string): number {
  const [, count, unit] = durationPattern.exec(duration)!;
  return Number(count) * hoursPer[unit as keyof typeof hoursPer];
}

/** Bytes of a text that {@link sizePattern} takes: `500MB`, `50GB`, `2TB`. */
export function bytesOf(size: string): number {
  const [, count, unit] = sizePattern.exec(size)!;
  return Number(count) * bytesPer[unit as keyof typeof bytesPer];
}

/** As a person would write it: whole days where it is days. */
export const durationText = (hours: number): string => (hours % 24 === 0 ? `${hours / 24}d` : `${hours}h`);

export function sizeText(bytes: number): string {
  if (bytes >= bytesPer.TB) return `${bytes / bytesPer.TB}TB`;
  return bytes >= bytesPer.GB ? `${bytes / bytesPer.GB}GB` : `${bytes / bytesPer.MB}MB`;
}
