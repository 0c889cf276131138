/*
 * A known bug, to show that the durability test finds it: LMDB is opened with lmdb-js's own default, by which a commit is
 * acknowledged once it is visible, and its flush to disk comes later. Loaded before the process's own code: node --import <this file>.
 */
import { register } from 'node:module';
import { isMainThread } from 'node:worker_threads';

// Node runs the hook below in a thread of its own, which loads this file once more.
if (isMainThread) register(import.meta.url);

export async function load(url, context, nextLoad) {
  const loaded = await nextLoad(url, context);
  if (!/\/lmdb-environment\/(src|dist)\/environment\.[jt]s$/.test(url)) return loaded;
  const right = 'overlappingSync: false';
  const source = String(loaded.source);
  if (!source.includes(right)) throw new Error(`${url} does not say "${right}": look at what makes its commits durable now.`);
  return { ...loaded, source: source.replace(right, 'overlappingSync: true') };
}
