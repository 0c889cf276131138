import { readFileSync } from 'node:fs';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { onlyRegions, parsePolicy, textOfPlace } from '@ringside/data-ring';
import { ringTopic } from '@ringside/events';
import { openTestDrivers, type TestDrivers } from '@ringside/testing';

import { memoryRing, type MemoryRing } from './memory-admin.fixture.js';
import { openRingControl } from './open-ring-control.js';

const parsed = parsePolicy(readFileSync(new URL('../../../ring.yaml', import.meta.url), 'utf8'));
if (!parsed.ok) throw new Error('ring.yaml is no policy.');
const whole = parsed.value;
const only = ['eu', 'us'];
const by = 'an-operator';

let drivers: TestDrivers;
let part: MemoryRing;
const inPart = () =>
  openRingControl({
    policy: onlyRegions(whole, only),
    admins: part.admins,
    logs: [{ region: 'eu', log: drivers.log }],
    part: { whole, only },
  });

/** Two of three regions, as the whole policy has set them. */
beforeEach(async () => {
  drivers = await openTestDrivers();
  await drivers.log.createTopic(ringTopic.topic, { partitions: ringTopic.partitions });
  const all = memoryRing(whole);
  await openRingControl({ policy: whole, admins: all.admins, logs: [] }).apply({ by });
  part = memoryRing(onlyRegions(whole, only));
  for (const admin of all.admins.filter(({ region }) => only.includes(region))) {
    for (const setting of (await admin.readLive()).settings) part.set(admin.region, setting);
  }
});
afterEach(() => drivers.close());

describe('a part of a ring that is set up as a whole', () => {
  it('is narrowed nowhere, unless that is accepted', async () => {
    const before = part.state();
    const done = await inPart().apply({ by });
    expect(done.taken).toEqual([]);
    expect(part.state()).toEqual(before);
    const held = done.held
      .filter(({ reason }) => reason === 'left_out')
      .map(({ difference: { region, at } }) => `${region} ${at}`);
    expect(held).toContain('eu namespace ringside/global: replication');
    expect(held).toContain('us namespace ringside/casework-ap: permissions of cheating-team');
    const accepted = await inPart().plan({ accept: true });
    expect(accepted.steps.map(({ region, place }) => `${region} ${textOfPlace(place)}`)).toEqual(expect.arrayContaining(held));
  });

  it('is still narrowed where the whole policy wants it narrower, and widened where it is too narrow', async () => {
    const place = { kind: 'replication', namespace: 'ringside/evidence' } as const;
    const global = { kind: 'replication', namespace: 'ringside/global' } as const;
    part.set('eu', { place, value: ['eu', 'us'] });
    part.set('eu', { place: global, value: ['eu', 'ap'] });
    const { taken } = await inPart().apply({ by });
    expect(taken.map((step) => [step.phase, textOfPlace(step.place), [...(step.to as string[])].sort()])).toEqual([
      ['narrow', textOfPlace(place), ['eu']],
      ['widen', textOfPlace(global), ['ap', 'eu', 'us']],
    ]);
  });

  it('is in the record as a part', async () => {
    await inPart().apply({ by });
    await inPart().audit({ by });
    const details = (await inPart().runs()).map(({ data }) => data.detail);
    expect(details).toHaveLength(4);
    for (const detail of details) expect(detail).toMatch(/^Only eu, us\./);
  });
});
