import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { argumentCases } from './argument-cases.js';
import { checkpointCases } from './checkpoint-cases.js';
import type { ViewStoreContractDriver } from './driver.js';
import { durabilityCases } from './durability-cases.js';
import { newestCases } from './newest-cases.js';
import { insertOnceCases } from './insert-once-cases.js';
import { pageCases } from './page-cases.js';
import { rowCases } from './row-cases.js';
import { unlikeCases } from './unlike-cases.js';
import { type DeclareCase, openStage, type OpenStage } from './stage.js';
import { streamCases } from './stream-cases.js';
import { streamFenceCases } from './stream-fence-cases.js';
import { tableCases } from './table-cases.js';
import { timestampCases } from './timestamp-cases.js';

const topics: Readonly<Record<string, (declare: DeclareCase, driver: ViewStoreContractDriver) => void>> = {
  rows: rowCases,
  pages: pageCases,
  timestamps: timestampCases,
  'newest rows': newestCases,
  checkpoints: checkpointCases,
  'insert once': insertOnceCases,
  streams: streamCases,
  'fences of streams': streamFenceCases,
  tables: tableCases,
  'unlike rows': unlikeCases,
  arguments: argumentCases,
  durability: durabilityCases,
};

/** The suite that every driver of the view store must pass. Call it once, at the top of a spec file. */
export function describeViewStoreContract(name: string, driver: ViewStoreContractDriver): void {
  if (driver.skipped !== undefined) {
    describe.skip(`view store contract: ${name}`, () => {
      it(`skipped: ${driver.skipped}`, () => undefined);
    });
    return;
  }
  describe(`view store contract: ${name}`, () => {
    let stage: OpenStage;
    beforeAll(async () => {
      stage = await openStage(driver);
    }, driver.startMsMax);
    afterAll(async () => {
      await stage.close();
    }, driver.startMsMax);

    const declare: DeclareCase = (caseName, run) => it(caseName, () => run(stage), driver.caseMsMax);

    it('declares its name and its capabilities', () => {
      expect(stage.store.driver).not.toBe('');
      expect(stage.store.capabilities).toEqual(driver.capabilities);
    });
    for (const [topic, cases] of Object.entries(topics)) describe(topic, () => cases(declare, driver));
  });
}
