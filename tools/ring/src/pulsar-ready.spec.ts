import { describe, expect, it } from '@jest/globals';
import { loadTopics } from './pulsar-ready.js';

const there: Readonly<Record<string, unknown>> = {
  tenants: ['pulsar', 'ring-probe', 'ringside', 'empty'],
  'namespaces/ringside': ['ringside/eu', 'ringside/us'],
  'namespaces/empty': [],
  'persistent/ringside/eu': ['persistent://ringside/eu/reports-partition-0', 'persistent://ringside/eu/reports-partition-1'],
  'persistent/ringside/us': ['persistent://ringside/us/cases-partition-0'],
};

/** An admin API in which loading a topic does what is given; a removed namespace is not there. */
function adminIn(load: (path: string) => Promise<unknown>) {
  const loaded: string[] = [];
  const get = async (path: string): Promise<unknown> => {
    if (!path.endsWith('/lastMessageId')) return there[path];
    loaded.push(path.replace('/lastMessageId', ''));
    return load(path);
  };
  return { loaded, get };
}

describe('a Pulsar with topics from before', () => {
  it('is ready when each of them has been loaded', async () => {
    const admin = adminIn(async () => undefined);
    await loadTopics(admin);
    expect(admin.loaded.sort()).toEqual([
      'persistent/ringside/eu/reports-partition-0',
      'persistent/ringside/eu/reports-partition-1',
      'persistent/ringside/us/cases-partition-0',
    ]);
  });

  it('is not where one cannot be loaded', async () => {
    const admin = adminIn(async (path) => {
      if (path.includes('reports-partition-1')) throw new Error(`GET ${path} was answered 500: Not enough bookies`);
    });
    await expect(loadTopics(admin)).rejects.toThrow(/reports-partition-1\/lastMessageId was answered 500/);
  });
});
