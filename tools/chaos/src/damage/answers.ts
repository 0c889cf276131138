import { createHash } from 'node:crypto';

/** What a question was answered with: digests of all that came, in its order, and none where nothing is there; or a refusal. */
export type Answer = readonly string[] | { readonly said: string };

/** By the questions. */
export type Answers = Readonly<Record<string, Answer>>;

export const digestOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 12);
