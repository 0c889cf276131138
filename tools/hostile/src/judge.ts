import type { Answer } from './read-answers.js';
import type { Exchange } from './wire.js';

/** What an attack came to. */
export interface Outcome {
  /** For the table: what came back. */
  readonly came: string;
  /** What is wrong with it; none where the service held. */
  readonly faults: readonly string[];
}

/** What may come back from an attack. */
export interface Expected {
  /** The statuses that each answer may have, one list for all. */
  readonly statuses: readonly number[];
  /** How many answers; 1 where absent. */
  readonly answers?: number;
  /** The connection may also be closed without any answer. */
  readonly orClosed?: boolean;
  /** The server has to end the connection. */
  readonly closes?: boolean;
}

/** A refusal is not to cost more than what it refuses. In characters. */
const problemLengthMax = 64 * 1024;

/** What no answer may be like, whatever was sent: not a problem document, or one that says other than its status, or a huge one. */
export function faultsOfAnswer({ status, headers, body }: Answer): readonly string[] {
  if (status === 500) return ['500'];
  if (status < 400) return [];
  const type = headers.get('content-type');
  if (type !== 'application/problem+json') return [`${status} as ${type ?? 'no type'} instead of a problem document`];
  if (body.length > problemLengthMax)
    return [`${status} with a problem document of ${body.length.toLocaleString('en')} characters`];
  let problem: unknown;
  try {
    problem = JSON.parse(body);
  } catch {
    return [`${status} with a problem document that is no JSON`];
  }
  const { type: kind, title, status: told, detail } = problem as Record<string, unknown>;
  const isWhole =
    typeof kind === 'string' &&
    kind.startsWith('urn:ringside:problem:') &&
    typeof title === 'string' &&
    typeof detail === 'string';
  if (!isWhole) return [`${status} with a problem document that lacks a member`];
  return told === status ? [] : [`${status} with a problem document that says ${JSON.stringify(told)}`];
}

/** Holds what came against what may come. */
export function judge({ answers, end, rest }: Exchange, expected: Expected): Outcome {
  const { statuses, answers: count = 1, orClosed = false, closes = false } = expected;
  const faults = answers.flatMap(faultsOfAnswer);
  const gaveUp = orClosed && answers.length === 0 && end !== 'open';
  if (!gaveUp && answers.length !== count) faults.push(`${answers.length} answers instead of ${count}`);
  for (const { status } of answers) {
    if (!statuses.includes(status)) faults.push(`${status} instead of ${statuses.join(' or ')}`);
  }
  if (closes && end === 'open') faults.push('the connection stayed open');
  if (rest.length > 0) faults.push(`${rest.length} bytes that are no answer`);
  return { came: described(answers, end), faults };
}

function described(answers: readonly Answer[], end: Exchange['end']): string {
  const counts = new Map<number, number>();
  for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1);
  const told = [...counts].map(([status, count]) => (count === 1 ? `${status}` : `${count} x ${status}`)).join(', ');
  const ended = end === 'open' ? '' : end;
  return [told, ended].filter(Boolean).join(', ') || 'nothing';
}

/** Several exchanges of one attack as one outcome. */
export function together(outcomes: readonly Outcome[]): Outcome {
  const counts = new Map<string, number>();
  for (const { came } of outcomes) counts.set(came, (counts.get(came) ?? 0) + 1);
  const came = [...counts].map(([one, count]) => (count === 1 ? one : `${count} x (${one})`)).join('; ');
  return { came, faults: [...new Set(outcomes.flatMap(({ faults }) => faults))] };
}
