import { afterAll, beforeAll, describe } from '@jest/globals';
import type { EventLog, EventLogCapabilities } from '@ringside/event-log';
import { appendCases } from './append-cases.js';
import { consumeCases } from './consume-cases.js';
import { contractCase } from './contract-case.js';
import { cursorCases } from './cursor-cases.js';
import { failoverCases } from './failover-cases.js';
import { inspectionCases } from './inspection-cases.js';

/** A driver under test. */
export interface EventLogDriver {
  /** Where set, the driver cannot be tested here: its cases are reported as skipped, with this reason. */
  readonly skip?: string;
  /** What the driver declares; the suite holds it against what the opened log says, and chooses cases by it. */
  readonly capabilities: EventLogCapabilities;
  /** How long what should happen soon may take, in ms: a takeover after a death, a round trip to a server. */
  readonly deadlineMs: number;
  /** How long nothing must come before the suite believes that nothing will, in ms. */
  readonly quietMs: number;
  /** Before the first case, with as much time as it takes. */
  setUp?(): Promise<void>;
  /** After the last case. */
  tearDown?(): Promise<void>;
  /** Another client of the one log that all cases share; each case uses topics of its own. */
  open(): Promise<EventLog>;
  /**
   * Ends the client as the death or the long pause of its process would: nothing is flushed or given back. Its methods may
   * still be called and must then do no harm. Where it is absent, the cases that need it are skipped.
   */
  abandon?(log: EventLog): Promise<void>;
}

/** Declares the suite that every driver of the event log has to pass. To be called once per driver, in a spec of its own. */
export function describeEventLogContract(name: string, driver: EventLogDriver): void {
  describe(`the event log contract, met by ${name}`, () => {
    if (driver.skip === undefined) {
      beforeAll(async () => driver.setUp?.(), 10 * driver.deadlineMs);
      afterAll(async () => driver.tearDown?.(), 10 * driver.deadlineMs);
    }
    const declare = contractCase(driver);
    describe('append', () => appendCases(declare));
    describe('reading and figures', () => inspectionCases(declare));
    describe('a subscription', () => consumeCases(declare));
    describe('a cursor', () => cursorCases(declare));
    describe('failover', () => failoverCases(declare));
  });
}
