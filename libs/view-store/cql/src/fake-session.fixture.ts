import { UnavailableError } from '@ringside/core';

import type { CqlRow, Session, Statement, Transacted } from './session.js';

export const rowOf = (values: Readonly<Record<string, unknown>>): CqlRow => ({ get: (name: string | number) => values[name] });

export type Answer = Transacted | 'times out';

/** Answers as it is told to, and remembers what it was asked. Reads that are not behind all transactions are refused. */
export interface FakeSession extends Session {
  readonly transactions: (readonly Statement[])[];
  readonly writes: (readonly Statement[])[];
}

export function fakeSession(answers: Answer[], reads: (query: string) => readonly CqlRow[]): FakeSession {
  const transactions: (readonly Statement[])[] = [];
  const writes: (readonly Statement[])[] = [];
  return {
    transactions,
    writes,
    read: async ({ query }, { serial = false } = {}) => {
      if (!serial) throw new Error(`Only a serial read may follow a transaction: ${query}`);
      return reads(query);
    },
    pages: async function* () {
      yield [];
    },
    write: async (statements) => {
      writes.push(statements);
    },
    transact: async (statements) => {
      transactions.push(statements);
      const answer = answers.shift();
      if (answer === undefined) throw new Error('One transaction too many.');
      if (answer === 'times out') throw new UnavailableError('view-store', 'timed out');
      return answer;
    },
    define: async () => undefined,
  };
}

export const applied: Answer = { applied: true, row: undefined };
export const refused: Answer = { applied: false, row: undefined };
