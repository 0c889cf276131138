import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parsePolicy, type RingPolicy } from '@ringside/data-ring';
import { decodeEvent, reportReasons, topicOf, type RingsideEvent } from '@ringside/events';
import { subscriberOf, type Subscriber, type Team } from '@ringside/team-kit';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const packages = join(root, 'node_modules/@ringside');
const fixtures = join(root, 'libs/events/fixtures');

interface ServiceLibrary {
  readonly team?: Team;
  readonly reportSubscriber?: Subscriber;
}

/** Every service of the workspace that keeps views, by what its library exports. A team may have left. */
async function subscribersHere(): Promise<readonly Subscriber[]> {
  const names = readdirSync(packages).filter(
    (name) => name.endsWith('-service') && existsSync(join(packages, name, 'package.json')),
  );
  const libraries = await Promise.all(names.map(async (name) => (await import(`@ringside/${name}`)) as ServiceLibrary));
  return libraries.flatMap(({ team, reportSubscriber }) => [
    ...(team === undefined ? [] : [subscriberOf(team)]),
    ...(reportSubscriber === undefined ? [] : [reportSubscriber]),
  ]);
}

/** An event of every type, as each team and each reason would have it. */
function everyEvent(): readonly RingsideEvent[] {
  const reasons = [...reportReasons.map(({ reason }) => reason), 'of_nobody'];
  const events = readdirSync(fixtures).flatMap((type) =>
    readdirSync(join(fixtures, type)).flatMap(
      (file) => JSON.parse(readFileSync(join(fixtures, type, file), 'utf8')) as unknown[],
    ),
  );
  return events.flatMap((event) => {
    const decoded = decodeEvent(Buffer.from(JSON.stringify(event)));
    if (!decoded.ok) throw new Error(decoded.error.message);
    const { data } = decoded.value;
    if ('reason' in data) return reasons.map((reason) => ({ ...decoded.value, data: { ...data, reason } }) as RingsideEvent);
    if (!('team' in data)) return [decoded.value];
    return ['cheating', 'abuse', 'others-triage'].map(
      (team) => ({ ...decoded.value, data: { ...data, team } }) as RingsideEvent,
    );
  });
}

let policy: RingPolicy;
let subscribers: readonly Subscriber[];
/** Of each table, the topics of the events that its projection takes. */
const sources = new Map<string, Set<string>>();

beforeAll(async () => {
  const parsed = parsePolicy(readFileSync(join(root, 'ring.yaml'), 'utf8'));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  policy = parsed.value;
  subscribers = await subscribersHere();
  const events = everyEvent();
  for (const { name, entity, tables } of subscribers.flatMap(({ projections }) => projections)) {
    const topics = events.filter((event) => entity(event) !== undefined).map(topicOf);
    if (topics.length === 0)
      throw new Error(`No event of any type is for the projection ${name}: this spec no longer sees it.`);
    for (const table of tables) sources.set(table, new Set([...(sources.get(table) ?? []), ...topics]));
  }
});

describe('The views of ring.yaml', () => {
  it('are the tables of all projections, each with the topics that it is built from', () => {
    const ofProjections = Object.fromEntries([...sources].map(([table, topics]) => [table, [...topics].sort()]));
    const ofPolicy = Object.fromEntries(
      Object.entries(policy.views)
        .filter(([table]) => sources.has(table))
        .map(([table, { from }]) => [table, [...from].sort()]),
    );
    expect(ofPolicy).toEqual(ofProjections);
  });

  it('are no others, as long as no team has left the workspace', () => {
    const here = new Set(subscribers.map(({ name }) => name));
    const isWhole = Object.keys(policy.services).every((service) => service === 'platform' || here.has(service));
    expect(isWhole ? Object.keys(policy.views).filter((table) => !sources.has(table)) : []).toEqual([]);
  });

  it('are heard by the services that build them', () => {
    for (const { name, topics } of subscribers) {
      const zones = topics.map((topic) => policy.topics[topic]!.zone);
      expect([name, policy.services[name]?.consume]).toEqual([name, expect.arrayContaining(zones)]);
    }
  });
});
