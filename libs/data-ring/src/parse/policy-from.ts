import type { Retention, RingPolicy, ZonePolicy } from '../policy.js';
import type { PolicyShape } from './policy-shape.js';

type ZoneShape = PolicyShape['zones'][string];

/** Call it with what contradicts nothing. */
export function policyFrom({ version: _version, zones, ...same }: PolicyShape, digest: string): RingPolicy {
  return { ...same, zones: mapped(zones, zoneFrom), digest };
}

function zoneFrom({ retention, ...same }: ZoneShape): ZonePolicy {
  return { ...same, retention: retentionFrom(retention) };
}

const retentionFrom = ({ keep, lagMax, offloadAfter, messageTtl }: ZoneShape['retention']): Retention => ({
  hours: keep,
  lagHoursMax: lagMax,
  offloadBytes: offloadAfter ?? null,
  ...(messageTtl === undefined ? {} : { messageTtlHours: messageTtl }),
});

const mapped = <From, To>(entries: Readonly<Record<string, From>>, to: (value: From) => To): Readonly<Record<string, To>> =>
  Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, to(value)]));
