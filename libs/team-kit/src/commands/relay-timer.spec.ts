import { describe, expect, it } from '@jest/globals';
import { UnavailableError } from '@ringside/core';
import type { Logger } from '@ringside/platform';
import { until } from '@ringside/testing';

import { RelayTimer } from './relay-timer.js';

const restMs = 1;
const silent: Pick<Logger, 'warn'> = { warn: () => undefined };
const always = (): boolean => true;

/** Lets the time of some rests pass, by another timer's looks. */
async function someRests(): Promise<void> {
  let looks = 0;
  const other = new RelayTimer({ pass: async () => void looks++ }, always, silent, restMs);
  await until('another relay has looked some times', () => looks > 3);
  await other.stop();
}

describe('the timer of a relay', () => {
  it('begins when the tables are there, goes on whatever a look ends with, and says once that the store is away', async () => {
    let [asked, looks, said] = [0, 0, 0];
    let isPrepared = false;
    const pass = async (): Promise<void> => {
      looks++;
      throw new UnavailableError('view-store', 'away');
    };
    const isThere = (): boolean => {
      asked++;
      return isPrepared;
    };
    const timer = new RelayTimer({ pass }, isThere, { warn: () => void said++ }, restMs);
    await until('it has asked some times', () => asked > 3);
    expect(looks).toBe(0);
    isPrepared = true;
    await until('it has looked some times', () => looks > 3);
    await timer.stop();
    const atStop = looks;
    await someRests();
    expect(looks).toBe(atStop);
    expect(said).toBe(1);
  });

  it('waits for the look under way when it stops', async () => {
    let finish: (() => void) | undefined;
    const pass = (): Promise<void> => new Promise((resolve) => (finish = resolve));
    const timer = new RelayTimer({ pass }, always, silent, restMs);
    await until('it looks', () => finish !== undefined);
    let isStopped = false;
    const stopping = timer.stop().then(() => (isStopped = true));
    await someRests();
    expect(isStopped).toBe(false);
    finish!();
    await stopping;
  });
});
