import { expect } from '@jest/globals';
import { runNode, until } from './processes.fixture.js';
import { getJson, metric, type Ringside, type ServiceAddress } from './ringside.fixture.js';

const partitions = 8;
const parked = (service: ServiceAddress) => metric(service, 'ringside_events_parked_total', /reason="malformed"/);

/** Puts events on the log that are not of the contract; every team parks them, counts them and lists them. */
export async function expectParked(ringside: Ringside, data: string, env: NodeJS.ProcessEnv = {}): Promise<void> {
  const keys = ['malformed-1', 'malformed-2', 'malformed-3'];
  expect(await runNode('e2e/dist/append-malformed.js', [data, ...keys], env).exited).toBe(0);
  for (const team of ringside.teams) {
    await until(`${team.name} parks them`, 20, async () => ((await parked(team)) === keys.length ? true : undefined));
    const lists = await Promise.all(
      Array.from({ length: partitions }, (_, partition) =>
        getJson<{ items: { key: string; reason: string }[] }>(`${team.url}/v1/parked?topic=reports&partition=${partition}`),
      ),
    );
    const items = lists.flatMap((list) => list.items).map(({ key, reason }) => [key, reason]);
    expect(items.sort()).toEqual(keys.map((key) => [key, 'malformed']));
  }
}
