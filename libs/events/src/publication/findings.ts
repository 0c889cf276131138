import { codecOf, type Codec } from '../codec.js';
import type { EventDefinition } from '../define-event.js';
import type { Envelope } from '../envelope.js';
import type { Topic } from '../topics.js';
import { asyncApiDocument } from './async-api.js';
import { sha256, versionName, type Publication } from './publication.js';
import { personalWithin, schemaDocument, textOf } from './schema-document.js';

export interface Contract {
  readonly topics: readonly Topic[];
  readonly definitions: readonly EventDefinition[];
}

/** Why a contract must not be merged as it is. */
export interface Finding {
  readonly code:
    | 'type_declared_twice'
    | 'topic_undeclared'
    | 'personal_in_global'
    | 'upcaster_missing'
    | 'schema_missing'
    | 'schema_unpublished'
    | 'schema_changed'
    | 'published_version_removed'
    | 'fixture_missing'
    | 'fixture_of_another_version'
    | 'fixture_refused'
    | 'asyncapi_outdated';
  /** The event, version or document that it is about. */
  readonly about: string;
  readonly message: string;
}

/** Everything that is wrong with the contract and with what is committed beside it. */
export function findingsOf(contract: Contract, publication: Publication): readonly Finding[] {
  const codec = codecOf<Envelope<string, unknown>>(contract.definitions);
  return [
    ...contract.definitions.flatMap((definition) => findingsOfDefinition(definition, contract)),
    ...contract.definitions.flatMap((definition) =>
      definition.versions.flatMap((_, index) => [
        ...findingsOfSchema(definition, index + 1, publication),
        ...findingsOfFixtures(definition, index + 1, publication, codec),
      ]),
    ),
    ...findingsOfRemoved(contract, publication),
    ...findingsOfAsyncApi(contract, publication),
  ];
}

function findingsOfDefinition(definition: EventDefinition, { definitions, topics }: Contract): readonly Finding[] {
  const { type: about, topic, zone, versions } = definition;
  const findings: Finding[] = [];
  const found = (code: Finding['code'], message: string) => findings.push({ code, about, message });
  if (definitions.find(({ type }) => type === about) !== definition)
    found('type_declared_twice', 'Two definitions have this type: a decoder could not tell them apart.');
  if (!topics.some((declared) => declared.topic === topic && declared.zone === zone))
    found('topic_undeclared', `Its topic "${topic}" of zone ${zone} is not among the topics of the contract.`);
  versions.forEach((version, index) => {
    const personal = personalWithin(schemaDocument(definition, index + 1, version));
    if (zone === 'global' && personal.length > 0)
      found('personal_in_global', `Version ${index + 1} would take personal fields to every region: ${personal.join(', ')}.`);
    if (index > 0 && version.upcast === null)
      found('upcaster_missing', `Nothing brings version ${index} to version ${index + 1}: stored events could not be read.`);
  });
  return findings;
}

/** Whether the schema that the source declares is the published one. Shared with the script that publishes new ones. */
export function findingsOfSchema(definition: EventDefinition, version: number, publication: Publication): readonly Finding[] {
  const about = versionName(definition.type, version);
  const declared = textOf(schemaDocument(definition, version, definition.versions[version - 1]!));
  const committed = publication.schemas.get(about);
  const lock = publication.published.get(about);
  if (lock === undefined)
    return committed === undefined
      ? [{ code: 'schema_missing', about, message: 'It has no schema file: run "npm run schemas:write".' }]
      : [{ code: 'schema_unpublished', about, message: 'Its schema file is not in the lock: run "npm run schemas:write".' }];
  if (sha256(declared) !== lock)
    return [{ code: 'schema_changed', about, message: 'A published version never changes: declare a new version instead.' }];
  if (committed === undefined)
    return [{ code: 'schema_missing', about, message: 'Its published schema file is gone: run "npm run schemas:write".' }];
  if (committed !== declared)
    return [{ code: 'schema_changed', about, message: 'Its file is not what was published: run "npm run schemas:write".' }];
  return [];
}

function findingsOfFixtures(
  { type, version: current }: EventDefinition,
  version: number,
  { fixtures }: Publication,
  { decode }: Codec<Envelope<string, unknown>>,
): readonly Finding[] {
  const about = versionName(type, version);
  const events = fixtures.get(about) ?? [];
  if (events.length === 0)
    return [{ code: 'fixture_missing', about, message: 'It has no fixture: commit an event as it is stored.' }];
  return events.flatMap((event, index): readonly Finding[] => {
    const { type: ownType, version: ownVersion } = event as Partial<Envelope<string, unknown>>;
    if (ownType !== type || ownVersion !== version)
      return [{ code: 'fixture_of_another_version', about, message: `Its fixture ${index} is not of this type and version.` }];
    const decoded = decode(Buffer.from(JSON.stringify(event)));
    if (!decoded.ok) return [{ code: 'fixture_refused', about, message: `Its fixture ${index}: ${decoded.error.message}` }];
    if (decoded.value.version === current) return [];
    return [{ code: 'fixture_refused', about, message: `Its fixture ${index} decodes to version ${decoded.value.version}.` }];
  });
}

function findingsOfRemoved({ definitions }: Contract, { published, schemas, fixtures }: Publication): readonly Finding[] {
  const declared = new Set(
    definitions.flatMap(({ type, versions }) => versions.map((_, index) => versionName(type, index + 1))),
  );
  const known = new Set([...published.keys(), ...schemas.keys(), ...fixtures.keys()]);
  return [...known]
    .filter((name) => !declared.has(name))
    .map((about) => ({
      code: 'published_version_removed',
      about,
      message: 'It is committed and no longer declared: events of it lie in the log and must stay readable.',
    }));
}

function findingsOfAsyncApi(contract: Contract, { asyncApi }: Publication): readonly Finding[] {
  if (asyncApi === textOf(asyncApiDocument(contract))) return [];
  return [
    {
      code: 'asyncapi_outdated',
      about: 'schemas/asyncapi.json',
      message: 'It is not of this contract: run "npm run schemas:write".',
    },
  ];
}
