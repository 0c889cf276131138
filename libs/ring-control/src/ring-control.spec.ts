import { readFileSync } from 'node:fs';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UnavailableError } from '@ringside/core';
import { onlyRegions, parsePolicy, textOfPlace, type Step } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';
import { ringTopic } from '@ringside/events';
import { openTestDrivers, type TestDrivers } from '@ringside/testing';

import { openEmbeddedAdmin } from './embedded-admin.js';
import { memoryRing, type MemoryRing } from './memory-admin.fixture.js';
import { openRingControl } from './open-ring-control.js';
import type { RecordLog } from './record.js';
import type { RingPlan } from './ring-control.js';

const parsed = parsePolicy(readFileSync(new URL('../../../ring.yaml', import.meta.url), 'utf8'));
if (!parsed.ok) throw new Error('ring.yaml is no policy.');
const policy = onlyRegions(parsed.value, ['eu', 'us']);
const by = 'an-operator';

const statesOf = ({ regions }: RingPlan) => Object.fromEntries(regions.map(({ region, state }) => [region, state]));
const leftOf = ({ regions }: RingPlan) =>
  regions.flatMap(({ differences }) => differences.map(({ region, at }) => `${region} ${at}`));

let drivers: TestDrivers;
let ring: MemoryRing;
let logs: RecordLog[];
beforeEach(async () => {
  drivers = await openTestDrivers();
  await drivers.log.createTopic(ringTopic.topic, { partitions: ringTopic.partitions });
  ring = memoryRing(policy);
  logs = [{ region: 'eu', log: drivers.log }];
});
afterEach(() => drivers.close());

const control = () => openRingControl({ policy, admins: ring.admins, logs });

describe('plan', () => {
  it('says what differs and what would be done, changes nothing and records nothing', async () => {
    const before = ring.state();
    const plan = await control().plan();
    expect(statesOf(plan)).toEqual({ eu: 'differs', us: 'differs' });
    expect(plan.policy).toBe(policy.digest);
    expect(plan.steps.length).toBeGreaterThan(50);
    expect([ring.state(), await control().runs()]).toEqual([before, []]);
  });
});

describe('apply', () => {
  it('makes all of it so, tells of each step, and has nothing left to do the second time', async () => {
    const told: number[] = [];
    const first = await control().apply({ by, onStep: (_, number, of) => told.push(number / of) });
    expect([leftOf(first), first.held, first.steps, first.unrecorded]).toEqual([[], [], [], []]);
    expect(told).toHaveLength(first.taken.length);
    expect(told.at(-1)).toBe(1);
    const second = await control().apply({ by });
    expect([second.taken, statesOf(second)]).toEqual([[], { eu: 'in_order', us: 'in_order' }]);
  });

  it('is in the record with what it is about to do, also where its process dies of it', async () => {
    await control().apply({ by });
    for (const name of ['marketing', 'sales']) {
      ring.set('eu', { place: { kind: 'permission', namespace: 'ringside/global', role: name }, value: ['consume'] });
    }
    // Of a dead process nothing more is heard.
    const begun = new Promise<void>((resolve) => {
      ring.beforeStep = () => {
        resolve();
        return new Promise(() => undefined);
      };
    });
    void control().apply({ by: 'who-died' });
    await begun;
    ring.beforeStep = () => undefined;
    const [last, ...others] = await control().runs();
    expect(last!.data).toMatchObject({
      operation: 'apply',
      about: 'eu',
      by: 'who-died',
      outcome: 'differs',
      differenceCount: 2,
    });
    expect(last!.data.detail).toBe(
      'Begins, with 2 steps: narrow namespace ringside/global: permissions of marketing; narrow namespace ringside/global: permissions of sales.',
    );
    expect(others.some(({ data }) => data.by === 'who-died')).toBe(false);
    expect(leftOf(await control().apply({ by }))).toEqual([]);
  });

  it('stops between two steps when it is asked to, says so in the record, and goes on the next time', async () => {
    const ending = new AbortController();
    const first = await control().apply({ by, signal: ending.signal, onStep: (_, number) => number === 3 && ending.abort() });
    expect([first.taken.length, first.wasInterrupted]).toEqual([3, true]);
    expect(first.steps.length).toBeGreaterThan(50);
    expect((await control().runs()).map(({ data }) => data.detail)).toEqual([
      expect.stringMatching(/^Interrupted\. \d steps taken/),
      expect.stringMatching(/^Interrupted\. \d steps taken/),
    ]);
    const before = ring.state();
    await expect(control().apply({ by, signal: ending.signal })).rejects.toThrow();
    await expect(control().audit({ by, signal: ending.signal })).rejects.toThrow();
    expect(ring.state()).toEqual(before);
    expect(await control().apply({ by })).toMatchObject({ wasInterrupted: false, steps: [] });
  });

  it.each(['two\nlines', '', 'x'.repeat(129), 'bell\u0007'])(
    'is done in the name of nobody who cannot be recorded: %j',
    async (who) => {
      const before = ring.state();
      for (const run of [control().apply({ by: who }), control().audit({ by: who })]) {
        await expect(run).rejects.toMatchObject({ code: 'invalid_operator' });
      }
      expect([ring.state(), await control().runs()]).toEqual([before, []]);
    },
  );

  it('gets to the same after it was killed, whichever step that was before or behind', async () => {
    const { platform, 'report-intake': intake } = policy.services;
    const small = { ...policy, services: { platform: platform!, 'report-intake': intake! } };
    const apply = ({ admins }: MemoryRing) => openRingControl({ policy: small, admins, logs: [] }).apply({ by });
    const uninterrupted = memoryRing(small);
    const whole = await apply(uninterrupted);
    const killed = new Error('killed');
    for (let dies = 0; dies < whole.taken.length; dies++) {
      for (const moment of ['beforeStep', 'afterStep'] as const) {
        ring = memoryRing(small);
        let steps = 0;
        // A process that was killed takes no further step in any region.
        const die = (): void => {
          if (steps++ >= dies) throw killed;
        };
        ring[moment] = die;
        await apply(ring);
        ring[moment] = () => undefined;
        await apply(ring);
        expect([dies, moment, ring.state()]).toEqual([dies, moment, uninterrupted.state()]);
      }
    }
  });

  it('narrows what was widened by hand before it does anything else', async () => {
    await control().apply({ by });
    const namespace = 'ringside/evidence';
    ring.set('us', { place: { kind: 'replication', namespace }, value: ['eu', 'us'] });
    ring.set('eu', { place: { kind: 'policy', namespace, policy: 'message_ttl_in_seconds' }, value: 60 });
    const { taken } = await control().apply({ by });
    expect(taken.map(({ region, phase, place, to }) => [region, phase, textOfPlace(place), to])).toEqual([
      ['us', 'narrow', 'namespace ringside/evidence: replication', ['us']],
      ['eu', 'set', 'namespace ringside/evidence: message_ttl_in_seconds', 0],
    ]);
  });

  it('refuses what would lose data unless that is accepted, and does everything else', async () => {
    await control().apply({ by });
    const topic = { kind: 'topic', namespace: 'ringside/global', topic: 'extra' } as const;
    ring.set('eu', { place: topic, value: 2 });
    ring.set('eu', { place: { kind: 'permission', namespace: 'ringside/global', role: 'marketing' }, value: ['consume'] });
    const refused = await control().apply({ by });
    expect(refused.taken.map(({ place }) => place.kind)).toEqual(['permission']);
    expect(refused.held.map(({ reason, message }) => [reason, message])).toEqual([
      ['loses_data', 'Mending topic ringside/global/extra would lose data.'],
    ]);
    expect((await control().runs())[0]?.data).toMatchObject({ about: 'us', outcome: 'in_order' });
    expect((await control().runs())[1]?.data).toMatchObject({ about: 'eu', outcome: 'refused', differenceCount: 2 });
    const accepted = await control().apply({ by, accept: true });
    expect([accepted.taken.map(({ phase }) => phase), leftOf(accepted)]).toEqual([['remove'], []]);
  });

  it('goes on with the other regions when one is away, and sends nothing there until it is back', async () => {
    ring.away.add('us');
    const without = await control().apply({ by });
    expect(without.regions.find(({ region }) => region === 'us')).toMatchObject({
      state: 'unreachable',
      problem: expect.stringContaining('Nobody is at home in us.'),
    });
    expect(new Set(without.held.map(({ reason }) => reason))).toEqual(new Set(['region_away']));
    expect(ring.state()).toContain('eu namespace ringside/global: replication: ["eu"]');
    // What is published before it goes to us might never get there.
    expect(ring.state()).not.toContain('eu topic ringside/global/reports: 8');
    expect(ring.state()).not.toContain('eu namespace ringside/global: permissions of report-intake: ["consume","produce"]');
    expect(ring.state()).toContain('eu topic ringside/evidence/appeals: 8');
    ring.away.clear();
    const back = await control().apply({ by });
    expect([statesOf(back), leftOf(back)]).toEqual([{ eu: 'in_order', us: 'in_order' }, []]);
    expect(ring.state()).toContain('eu namespace ringside/global: replication: ["eu","us"]');
  });

  it('leaves a region in which a step fails, widens nothing to it, and says why', async () => {
    ring.beforeStep = ({ region, place }: Step) => {
      if (region === 'us' && place.kind === 'namespace') throw new UnavailableError('event-log', 'The broker fell over.');
    };
    const done = await control().apply({ by });
    expect(done.regions.find(({ region }) => region === 'us')).toMatchObject({
      state: 'failed',
      problem: 'The broker fell over.',
    });
    // Its view store has nothing to do with it.
    expect(ring.state()).toContain('us keyspace ringside_platform: {"us":3}');
    expect(ring.state()).toContain('eu namespace ringside/global: replication: ["eu"]');
    expect(ring.state()).not.toContain('eu topic ringside/global/reports: 8');
    expect(ring.state()).toContain('eu topic ringside/evidence/appeals: 8');
    expect((await control().runs()).map(({ data }) => [data.about, data.outcome])).toEqual([
      ['us', 'failed'],
      ['eu', 'differs'],
    ]);
  });

  it('neither tries nor misses what the servers do not take, and says what they hold nobody to', async () => {
    ring.unenforced.push(
      { kind: 'permission', reason: 'nobody is asked', isTaken: false },
      { kind: 'policy', policy: 'offload_threshold', reason: 'no storage', isTaken: true },
    );
    const done = await control().apply({ by });
    expect(statesOf(done)).toEqual({ eu: 'in_order', us: 'in_order' });
    expect(done.taken.some(({ place }) => place.kind === 'permission')).toBe(false);
    expect(done.regions.map(({ unenforced }) => unenforced.map(({ reason }) => reason))).toEqual([
      ['nobody is asked', 'no storage'],
      ['nobody is asked', 'no storage'],
    ]);
  });
});

describe('audit', () => {
  it('names each difference with its rule, and keeps what it found', async () => {
    await control().apply({ by });
    ring.set('eu', { place: { kind: 'replication', namespace: 'ringside/evidence' }, value: ['eu', 'us'] });
    const before = ring.state();
    const found = await control().audit({ by: 'an-auditor' });
    expect([statesOf(found), ring.state()]).toEqual([{ eu: 'differs', us: 'in_order' }, before]);
    const runs = await control().runs();
    expect(runs.map(({ data }) => [data.operation, data.about, data.outcome, data.by])).toEqual([
      ['audit', 'us', 'in_order', 'an-auditor'],
      ['audit', 'eu', 'differs', 'an-auditor'],
      ['apply', 'us', 'applied', by],
      ['apply', 'eu', 'applied', by],
    ]);
    expect(runs[1]!.data).toMatchObject({ policy: policy.digest, startedAt: found.startedAt, differenceCount: 1 });
    expect(runs[1]!.data.differences).toEqual([
      { at: 'namespace ringside/evidence: replication', rule: 'zones.evidence.kind', wanted: 'eu', live: 'eu, us' },
    ]);
    expect((await control().runs({ limit: 1 })).map(({ data }) => data.about)).toEqual(['us']);
  });

  it('has the newest runs, however many there are', async () => {
    const asked = Array.from({ length: 60 }, (_, index) => `auditor-${index}`);
    for (const auditor of asked) await control().audit({ by: auditor });
    const runs = await control().runs({ limit: 3 });
    expect(runs.map(({ data }) => [data.by, data.about])).toEqual([
      ['auditor-59', 'us'],
      ['auditor-59', 'eu'],
      ['auditor-58', 'us'],
    ]);
    expect(await control().runs({ limit: 1_000 })).toHaveLength(120);
  });

  it('says of a region of the policy whose servers nobody named that nothing is known of it', async () => {
    const alone = memoryRing(policy, ['eu']);
    const found = await openRingControl({ policy, admins: alone.admins, logs }).audit({ by });
    expect(statesOf(found)).toEqual({ eu: 'differs', us: 'unreachable' });
    expect((await control().runs())[0]?.data).toMatchObject({ about: 'us', outcome: 'failed' });
  });

  it('says that it is not in the record where no log takes it, and is one all the same', async () => {
    const away: RecordLog['log'] = {
      append: () => Promise.reject(new UnavailableError('event-log', 'Nobody is at home.')),
      read: () => drivers.log.read({ topic: 'missing', partition: 0 }),
    };
    const found = await openRingControl({ policy, admins: ring.admins, logs: [{ region: 'eu', log: away }] }).audit({ by });
    expect(found.unrecorded).toEqual([
      'The run is not in the record of eu: Nobody is at home.',
      'The run is not in the record of us: Nobody is at home.',
    ]);
  });

  it('is in the log of another region where its own is away', async () => {
    const away: RecordLog['log'] = { ...logs[0]!.log, append: () => Promise.reject(new UnavailableError('event-log', 'away')) };
    const both = [{ region: 'us', log: away }, ...logs];
    expect((await openRingControl({ policy, admins: ring.admins, logs: both }).audit({ by })).unrecorded).toEqual([]);
    expect((await control().runs()).map(({ region, data }) => [region, data.about])).toEqual([
      ['eu', 'us'],
      ['eu', 'eu'],
    ]);
  });

  it('has no record before anything was applied', async () => {
    const empty: Pick<EventLog, 'append' | 'read'> = {
      append: (records) => drivers.log.append(records.map((one) => ({ ...one, topic: 'missing' }))),
      read: () => drivers.log.read({ topic: 'missing', partition: 0 }),
    };
    const fresh = openRingControl({ policy, admins: ring.admins, logs: [{ region: 'eu', log: empty }] });
    expect(await fresh.runs()).toEqual([]);
    expect((await fresh.audit({ by })).unrecorded).toHaveLength(2);
  });
});

describe('an embedded region', () => {
  it('has the topics of the policy, and cannot lose one that is not in it', async () => {
    const admins = [openEmbeddedAdmin({ policy, region: 'eu', log: drivers.log })];
    const embedded = openRingControl({ policy: onlyRegions(policy, ['eu']), admins, logs });
    expect(leftOf(await embedded.plan())).toContain('eu topic embedded/cases.us');
    expect(leftOf(await embedded.apply({ by }))).toEqual([]);
    expect((await drivers.log.topics()).map(({ topic }) => topic).sort()).toEqual(
      ['appeals', 'cases.eu', 'cases.us', 'report-evidence', 'reporters', 'reports', 'ring', 'sanctions'].sort(),
    );
    await drivers.log.createTopic('extra', { partitions: 1 });
    expect(leftOf(await embedded.audit({ by }))).toEqual(['eu topic embedded/extra']);
    const { regions } = await embedded.apply({ by, accept: true });
    expect(regions).toMatchObject([{ state: 'failed', problem: expect.stringContaining('cannot remove a topic') }]);
  });
});
