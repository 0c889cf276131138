import type { Victim } from './victim.js';

/** The sum of a metric over all its labels; 0 where it has none, or nobody answers. */
export async function metricOf({ url }: Victim, name: string): Promise<number> {
  const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  const text = (await answer?.text().catch(() => '')) ?? '';
  const lines = text.split('\n').filter((line) => line.startsWith(name) && /^[{ ]/.test(line.slice(name.length)));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

export async function sumOf(victims: readonly Victim[], name: string): Promise<number> {
  const each = await Promise.all(victims.map((victim) => metricOf(victim, name)));
  return each.reduce((sum, one) => sum + one, 0);
}

/** Why it is not ready, as its own answer says; undefined where it is. */
export async function complaintOf({ url }: Victim): Promise<string | undefined> {
  const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  if (answer === undefined) return 'it does not answer';
  const text = await answer.text().catch(() => 'it did not finish its answer');
  return answer.ok ? undefined : text;
}

/** How far its clock is ahead of ours, in ms, as its answers are dated: to the second. Undefined where it does not answer. */
export async function clockAheadMs({ url }: Victim): Promise<number | undefined> {
  const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  await answer?.arrayBuffer().catch(() => undefined);
  const date = answer?.headers.get('date') ?? undefined;
  return date === undefined ? undefined : Date.parse(date) - Date.now();
}
