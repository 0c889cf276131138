import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { definitions } from '../contract.js';
import { createEvent } from '../create-event.js';
import { defineEvent, firstVersion, type EventDefinition } from '../define-event.js';
import { freeText, opaqueId } from '../fields.js';
import { personal } from '../personal.js';
import { reportEvidenceTopic, reportsTopic, topics } from '../topics.js';
import { libraryFolder, readPublication } from './files.js';
import { findingsOf, type Contract } from './findings.js';
import type { Publication } from './publication.js';
import { publish } from './publish.js';
import { personalWithin, schemaDocument } from './schema-document.js';

const names = (contract: Contract, publication: Publication): readonly string[] =>
  findingsOf(contract, publication).map(({ code, about }) => `${code} ${about}`);

describe('the contract', () => {
  const publication = readPublication(libraryFolder);

  it('has no findings', () => {
    expect(publication.published.size).toBeGreaterThanOrEqual(4);
    expect(findingsOf({ topics, definitions }, publication)).toEqual([]);
  });

  it('marks as personal what players and case workers wrote, none of it global', () => {
    const marked = definitions.flatMap(({ type, zone, personal: fields }) => fields.map((field) => `${type}.${field} ${zone}`));
    expect(marked).toEqual([
      'ReportEvidenceFiled.description regional',
      'ReportEvidenceFiled.chat regional',
      'ReportEvidenceFiled.replayUrl regional',
      'ReportEvidenceFiled.telemetry regional',
      'CaseHandedOver.reason cross-region',
      'CaseHeld.reason cross-region',
      'CaseNoted.text cross-region',
      'CaseEscalated.reason cross-region',
      'DecisionRejected.reason cross-region',
      'DecisionReverted.reason cross-region',
      'AppealDecided.facts cross-region',
      'AppealFiled.statement regional',
    ]);
    const within = definitions.flatMap((definition) =>
      definition.versions.flatMap((version, index) => personalWithin(schemaDocument(definition, index + 1, version))),
    );
    expect(within).toEqual(expect.arrayContaining(['/properties/decision/properties/facts']));
  });

  it('has no personal field in any version of a global event', () => {
    const global = definitions.filter(({ zone }) => zone === 'global');
    expect(global.map(({ type }) => type)).toEqual([
      'ReportFiled',
      'ReportRerouted',
      'CaseProgressed',
      'CaseWeighed',
      'ReportSuppressed',
      'ReporterStandingChanged',
      'SanctionImposed',
      'SanctionReversed',
      'RegionPromoted',
      'RingOperated',
    ]);
    for (const definition of global)
      for (const [index, version] of definition.versions.entries())
        expect(personalWithin(schemaDocument(definition, index + 1, version))).toEqual([]);
  });
});

describe('findings', () => {
  const stream = ({ id }: { readonly id: string }) => id;
  const v1 = z.strictObject({ id: opaqueId });
  const v2 = z.strictObject({ id: opaqueId, count: z.int() });
  const versions = firstVersion({ data: v1, key: 'id' }).next({ data: v2, key: 'id', upcast: ({ id }) => ({ id, count: 0 }) });
  const counted = defineEvent({ type: 'Counted', topic: reportsTopic, stream, sequence: () => 1, versions });
  const sound: Contract = { topics, definitions: [counted] };

  const event = createEvent(counted, {
    time: '2026-01-31T12:00:00.000Z',
    region: 'eu',
    source: 'counter',
    data: { id: 'c', count: 3 },
  });
  const fixtures = new Map<string, readonly unknown[]>([
    ['Counted/v1', [{ ...event, version: 1, data: { id: 'c' } }]],
    ['Counted/v2', [event]],
  ]);
  const published = (contract: Contract): Publication => {
    const outcome = publish(contract, { schemas: new Map(), fixtures, published: new Map(), asyncApi: '' });
    if (!outcome.ok) throw new Error('A first publication was refused.');
    return outcome.value;
  };
  const publication = published(sound);
  const withDefinition = (changes: Partial<EventDefinition>): Contract => ({
    ...sound,
    definitions: [{ ...counted, ...changes }],
  });
  const without = <Value>(map: ReadonlyMap<string, Value>, name: string) => new Map([...map].filter(([key]) => key !== name));

  it('are none for a sound contract', () => {
    expect(findingsOf(sound, publication)).toEqual([]);
  });

  it('name a published version whose declaration was changed', () => {
    const stricter = { ...counted.versions[0]!, data: z.strictObject({ id: opaqueId.max(64) }) };
    const changed = withDefinition({ versions: [stricter, counted.versions[1]!] });
    expect(names(changed, publication)).toEqual(['schema_changed Counted/v1', 'asyncapi_outdated schemas/asyncapi.json']);
    const moved = withDefinition({ topic: reportEvidenceTopic.topic, zone: 'regional' });
    expect(names(moved, publication)).toContain('schema_changed Counted/v2');
  });

  it('name a published schema file that was changed, and one that is gone', () => {
    const edited = new Map(publication.schemas).set('Counted/v1', publication.schemas.get('Counted/v1')!.replace('128', '129'));
    expect(names(sound, { ...publication, schemas: edited })).toEqual(['schema_changed Counted/v1']);
    const gone = { ...publication, schemas: without(publication.schemas, 'Counted/v1') };
    expect(names(sound, gone)).toEqual(['schema_missing Counted/v1']);
  });

  it('name a version without schema, and one that is not in the lock', () => {
    const unlocked = { ...publication, published: without(publication.published, 'Counted/v2') };
    expect(names(sound, unlocked)).toEqual(['schema_unpublished Counted/v2']);
    const absent = { ...unlocked, schemas: without(publication.schemas, 'Counted/v2') };
    expect(names(sound, absent)).toEqual(['schema_missing Counted/v2']);
  });

  it('name a version without upcaster, whose stored events cannot be read', () => {
    const broken = withDefinition({ versions: [counted.versions[0]!, { ...counted.versions[1]!, upcast: null }] });
    expect(names(broken, publication)).toEqual(['upcaster_missing Counted', 'fixture_refused Counted/v1']);
  });

  it('name a version without fixture, and fixtures that are of another version or do not decode', () => {
    const without1 = { ...publication, fixtures: without(fixtures, 'Counted/v1') };
    expect(names(sound, without1)).toEqual(['fixture_missing Counted/v1']);
    const empty = { ...publication, fixtures: new Map(fixtures).set('Counted/v1', []) };
    expect(names(sound, empty)).toEqual(['fixture_missing Counted/v1']);
    const wrong = { ...publication, fixtures: new Map(fixtures).set('Counted/v1', [event]) };
    expect(names(sound, wrong)).toEqual(['fixture_of_another_version Counted/v1']);
    const broken = { ...publication, fixtures: new Map(fixtures).set('Counted/v2', [event, { ...event, data: { id: '' } }]) };
    expect(names(sound, broken)).toEqual(['fixture_refused Counted/v2']);
  });

  it('name a published version that is no longer declared', () => {
    const shortened = withDefinition({ version: 1, versions: [counted.versions[0]!] });
    expect(names(shortened, publication)).toContain('published_version_removed Counted/v2');
    expect(names({ ...sound, definitions: [] }, publication)).toEqual([
      'published_version_removed Counted/v1',
      'published_version_removed Counted/v2',
      'asyncapi_outdated schemas/asyncapi.json',
    ]);
  });

  it('name a personal field in a global event that came past the compiler, however deep', () => {
    const note = z.union([z.strictObject({ text: personal(freeText(80)) }), z.null()]);
    const hidden = { ...counted.versions[1]!, data: z.strictObject({ ...v2.shape, notes: z.array(note).exactOptional() }) };
    const contract = withDefinition({ versions: [counted.versions[0]!, hidden] });
    expect(names(contract, published(contract))).toEqual(['personal_in_global Counted']);
    const kept = withDefinition({ ...contract.definitions[0]!, topic: reportEvidenceTopic.topic, zone: 'regional' });
    expect(names(kept, published(kept))).not.toContain('personal_in_global Counted');
  });

  it('name a type that is declared twice, and a topic that is not of the contract', () => {
    expect(names({ ...sound, definitions: [counted, { ...counted }] }, publication)).toContain('type_declared_twice Counted');
    expect(names({ ...sound, topics: [reportEvidenceTopic] }, publication)).toContain('topic_undeclared Counted');
    const elsewhere = withDefinition({ zone: 'regional' });
    expect(names(elsewhere, published(elsewhere))).toContain('topic_undeclared Counted');
  });

  it('name a lock that is not of what is declared and committed', () => {
    const relocked = new Map(publication.published).set('Counted/v1', publication.published.get('Counted/v2')!);
    expect(names(sound, { ...publication, published: relocked })).toEqual(['schema_changed Counted/v1']);
  });

  it('name a fixture of another event, and one that is read as a version which is not the current one', () => {
    const other = { ...publication, fixtures: new Map(fixtures).set('Counted/v2', [event, { ...event, type: 'Summed' }]) };
    expect(findingsOf(sound, other)).toEqual([
      {
        ...{ code: 'fixture_of_another_version', about: 'Counted/v2' },
        message: 'Its fixture 1 is not of this type and version.',
      },
    ]);
    // The version that the definition says, and what its list of versions leads to, are two things here.
    const ahead = withDefinition({ version: 3 });
    expect(findingsOf(ahead, published(ahead)).map(({ code, message }) => `${code} ${message}`)).toEqual([
      'fixture_refused Its fixture 0 decodes to version 2.',
      'fixture_refused Its fixture 0 decodes to version 2.',
    ]);
  });

  it('say which version, topic or field they are about', () => {
    const said = (contract: Contract): readonly string[] => findingsOf(contract, publication).map(({ message }) => message);
    const broken = withDefinition({ versions: [counted.versions[0]!, { ...counted.versions[1]!, upcast: null }] });
    expect(said(broken)).toContain('Nothing brings version 1 to version 2: stored events could not be read.');
    const topic = { topic: 'elsewhere', zone: 'regional' } as const;
    expect(said(withDefinition(topic))).toContain(
      'Its topic "elsewhere" of zone regional is not among the topics of the contract.',
    );
    const words = { text: personal(freeText(80)), more: personal(freeText(80)) };
    const hidden = { ...counted.versions[1]!, data: z.strictObject({ ...v2.shape, ...words }) };
    expect(said(withDefinition({ versions: [counted.versions[0]!, hidden] }))).toContain(
      'Version 2 would take personal fields to every region: /properties/text, /properties/more.',
    );
  });

  it('name an AsyncAPI document of another contract', () => {
    expect(names(sound, { ...publication, asyncApi: '{}\n' })).toEqual(['asyncapi_outdated schemas/asyncapi.json']);
  });
});
