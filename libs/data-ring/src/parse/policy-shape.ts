import * as z from 'zod';

import type { ZoneKind } from '../policy.js';
import { bytesOf, durationPattern, hoursOf, sizePattern } from './amounts.js';

const must = (what: string) => ({ error: `must be ${what}` });

const line = (description: string) =>
  z
    .string(must('a text'))
    .min(1, must('a text that says something'))
    .max(500, must('a text of at most 500 characters'))
    .meta({ description });

const nameOf = (what: string) => z.string(must(`the name of a ${what}`)).min(1, must(`the name of a ${what}`));
const namesOf = (what: string, description: string) =>
  z.array(nameOf(what), must(`a list of ${what}s, such as [a, b]`)).meta({ description });

const aDuration = 'a duration such as 36h, 14d, 6w or 2y';
const duration = (description: string) =>
  z
    .string(must(aDuration))
    .regex(durationPattern, must(aDuration))
    .transform(hoursOf)
    .meta({ description: `${description} Hours (h), days (d), weeks (w) or years of 365 days (y): 14d.` });

const keep = z
  .string(must(`forever, or ${aDuration}`))
  .regex(new RegExp(`^forever$|${durationPattern.source}`), must(`forever, or ${aDuration}`))
  .transform((text) => (text === 'forever' ? null : hoursOf(text)))
  .meta({
    description:
      'How long records are kept: forever, or a duration. Views can be rebuilt from what is kept, and from nothing else.',
  });

const aSize = 'never, or a size such as 500MB, 50GB or 2TB';
const offloadAfter = z
  .string(must(aSize))
  .regex(new RegExp(`^never$|${sizePattern.source}`), must(aSize))
  .transform((text) => (text === 'never' ? null : bytesOf(text)))
  .meta({
    description:
      'Size of a partition beyond which its older part moves to cheaper storage (MB, GB, TB; decimal), or never. It stays readable.',
  });

const retention = z
  .strictObject(
    {
      keep,
      lagMax: duration('How far the slowest subscriber may be behind before somebody is told.'),
      offloadAfter: offloadAfter.exactOptional(),
      messageTtl: duration(
        'After how long a message counts as read by subscribers that have not read it. Refused where views are built from the zone.',
      ).exactOptional(),
    },
    must('what is kept and for how long: { keep: forever, lagMax: 14d }'),
  )
  .meta({ description: 'How long records of the zone are kept, and where.' });

const zoneCommon = {
  purpose: line('What the zone is for, in a sentence for people.'),
  legalGround: line('Why its data may be where it is: the article, the contract.'),
  retention,
};

const kind = <Kind extends ZoneKind>(name: Kind) =>
  z.literal(name).meta({ description: 'How far it goes: global, cross-region or regional.' });

const aZone = must('a zone: its kind, purpose, legalGround and retention');
const zone = z.discriminatedUnion(
  'kind',
  [
    z
      .strictObject({ kind: kind('global'), ...zoneCommon }, aZone)
      .meta({ description: 'Goes to every region. Nothing personal may be in it.' }),
    z
      .strictObject(
        {
          kind: kind('cross-region'),
          ...zoneCommon,
          routes: z
            .record(
              z.string(),
              namesOf('region', 'The regions that its events go to besides.'),
              must('a map from region of origin to a list of regions'),
            )
            .meta({
              description:
                'From each region of origin, the home of the player whom an event is about, to those that it goes to besides. A region that is not named keeps its own.',
            }),
        },
        aZone,
      )
      .meta({ description: 'Goes from each region of origin to chosen others.' }),
    z
      .strictObject({ kind: kind('regional'), ...zoneCommon }, aZone)
      .meta({ description: 'Never leaves the region where it was written.' }),
  ],
  aZone,
);

const region = z.strictObject(
  {
    label: line('Name for people, such as Europe (Frankfurt).'),
    jurisdiction: line('Whose law applies there.'),
    successors: namesOf(
      'region',
      'Which region may work its cases while it is away, in the order of preference: of those that its casework goes to.',
    ).default([]),
  },
  must('a region: its label, jurisdiction and successors'),
);

const topic = z.strictObject(
  { zone: nameOf('zone').meta({ description: 'The one zone that the topic is in.' }) },
  must('a topic: { zone: ... }'),
);

const view = z.strictObject(
  {
    zone: nameOf('zone').meta({ description: 'Where its rows may be: no further than any topic that it is built from.' }),
    from: namesOf('topic', 'Topics of the contract that it is built from.'),
  },
  must('a view: { zone: ..., from: [...] }'),
);

const service = z.strictObject(
  {
    produce: namesOf('zone', 'Zones that it may append to.').default([]),
    consume: namesOf('zone', 'Zones that it may read.').default([]),
  },
  must('a service: { produce: [...], consume: [...] }'),
);

const homes = z.strictObject(
  {
    rules: z
      .array(
        z.strictObject(
          {
            idPrefix: z
              .string(must('how the ids begin'))
              .min(1, must('how the ids begin'))
              .max(128, must('at most 128 characters'))
              .meta({ description: 'How the ids of these players begin.' }),
            region: nameOf('region').meta({ description: 'Where they are at home.' }),
            ground: line('Why these players are at home there.'),
          },
          must('a rule: { idPrefix: ..., region: ..., ground: ... }'),
        ),
        must('a list of rules'),
      )
      .max(1_000, must('a list of at most 1000 rules'))
      .default([])
      .meta({ description: 'The first whose prefix a player id has says the home region.' }),
    otherwise: z
      .union(
        [
          z.literal('hash'),
          z.strictObject({ region: nameOf('region').meta({ description: 'The home of all others.' }) }),
          z.strictObject({
            hashOver: namesOf('region', 'Each is the home of a share of the others. A further region of the ring takes none.'),
          }),
        ],
        must('hash (a share of the players for each region), { hashOver: [...] } or { region: ... }'),
      )
      .meta({
        description:
          'The home of players whom no rule fits: hash, for a share of them in each region; hashOver, in each of those named; or one region.',
      }),
  },
  must('where players are at home: { rules: [...], otherwise: hash }'),
);

const section = <T extends z.ZodType>(of: T, description: string) =>
  z.record(z.string(), of, must('a map of names')).meta({ description });

/** `ring.yaml`, before it is asked whether it contradicts itself. */
export const policyShape = z.strictObject(
  {
    version: z.literal(1, must('1: the version of this format')).meta({ description: 'Version of this format.' }),
    tenant: nameOf('tenant').meta({ description: "Pulsar's tenant, and what the names of keyspaces begin with." }),
    regions: section(region, 'The regions of the ring, by name.'),
    zones: section(zone, 'How far data may go, by the name of the zone. A topic and a view are in one zone each.'),
    topics: section(topic, 'Every topic of the contract, with its zone.'),
    views: section(view, 'Tables that services build from topics, each with its zone.').default({}),
    services: section(service, 'Which service may produce and consume, by zone. What is not named is not allowed.'),
    homes: homes.meta({ description: 'Where the cases of a player are worked.' }),
  },
  must('a policy: version, tenant, regions, zones, topics, services and homes'),
);

export type PolicyShape = z.output<typeof policyShape>;

/** JSON Schema (2020-12) of the file, for editors. */
export const policyJsonSchema = (): Readonly<Record<string, unknown>> => ({
  $id: 'urn:ringside:ring-policy:1',
  title: 'The policy of a Global Data Ring',
  ...z.toJSONSchema(policyShape, { io: 'input', target: 'draft-2020-12' }),
});
