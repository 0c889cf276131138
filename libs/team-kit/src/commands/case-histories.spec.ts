import { expect, it } from '@jest/globals';
import { takeStep, versionIn, type CaseStep } from '@ringside/casework';
import type { StreamEvent, ViewStore } from '@ringside/view-store';

import { CaseHistories } from './case-histories.js';
import { caseEventOf, streamOf, toStreamEvent } from './case-stream.js';
import { historyOf, type EarlierStep } from './earlier-steps.js';
import { aRequest, notebooks, notes } from './simulation/notebook.fixture.js';

const { case: subject, command } = aRequest('c', notes('c'));
const { caseId } = subject;
const noted = (text: string): CaseStep => takeStep(command, 'CaseNoted', { text });
const earlier = (count: number): readonly EarlierStep[] =>
  Array.from({ length: count }, (_, i) => ({ step: noted(`${i + 1}`), caseVersion: i + 1 }));

/** As a process of the region stored them. */
const stored = (...steps: readonly (readonly [version: number, step: CaseStep])[]): readonly StreamEvent[] =>
  steps.map(([version, step], i) => ({
    ...toStreamEvent(caseEventOf(subject, step, version, { region: 'us', source: 'cheating-team', commandId: 'c' })),
    version: i + 1,
  }));

const adopted = (basedOn: number): CaseStep => takeStep(command, 'CaseAdopted', { term: 1, basedOn, homeRegion: 'eu' });

/** Answers with the stream as it is at each call; the last one tells from then on. */
function storeIn(...calls: readonly (readonly StreamEvent[])[]): { readonly store: ViewStore; readonly asked: () => number } {
  let asked = 0;
  const store: Partial<ViewStore> = {
    streamHead: () => Promise.resolve({ version: 0, fence: 0 }),
    get: () => Promise.resolve(undefined),
    readStream: (_, after = 0) => Promise.resolve(calls[Math.min(asked++, calls.length - 1)]!.slice(after)),
  };
  return { store: store as ViewStore, asked: () => asked };
}

const historiesOf = (store: ViewStore, known: number) =>
  new CaseHistories(store, notebooks as never, (_, before) =>
    Promise.resolve(historyOf({ steps: earlier(known), reached: known, sanctions: [] }, before)),
  );

it('goes on from what the term goes on from, where another process began it while the earlier steps were read', async () => {
  const begun = stored([versionIn(1, 6), adopted(5)], [versionIn(1, 7), noted('by the other')]);
  const { state, version } = await historiesOf(storeIn([], begun).store, 6).current(streamOf(caseId, 1));
  expect(version).toBe(2);
  expect(state).toMatchObject({ version: versionIn(1, 7), texts: ['1', '2', '3', '4', '5', 'by the other'] });
});

it('reads a stream once that has begun', async () => {
  const { store, asked } = storeIn(stored([versionIn(1, 6), adopted(5)]));
  expect((await historiesOf(store, 6).current(streamOf(caseId, 1))).state.version).toBe(versionIn(1, 6));
  expect(asked()).toBe(1);
});

it('takes no event for another step than it says to be', async () => {
  const { store } = storeIn(stored([versionIn(1, 6), adopted(5)], [versionIn(1, 8), noted('one too far')]));
  await expect(historiesOf(store, 6).current(streamOf(caseId, 1))).rejects.toThrow(`came as ${versionIn(1, 7)}`);
});
