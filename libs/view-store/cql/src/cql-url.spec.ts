import { describe, expect, it } from '@jest/globals';
import { StartupError } from '@ringside/core';

import { parseCqlUrl } from './cql-url.js';

describe('cql URL', () => {
  it('has a default for everything but the host', () => {
    expect(parseCqlUrl('cql://db', 'cheating-team')).toEqual({
      contactPoints: ['db:9042'],
      credentials: undefined,
      keyspace: 'ringside_cheating_team',
      dialect: 'scylla',
      datacenter: 'datacenter1',
      replication: 3,
      tls: false,
    });
  });

  it('names hosts, user, keyspace prefix and the rest', () => {
    const url =
      'cql://ring:p%40ss:%2F@db-1.local:19042,10.0.0.2,[::1]:9043/eu?dialect=cassandra&datacenter=eu-1&replication=1&tls=true';
    expect(parseCqlUrl(url, 'abuse-team')).toEqual({
      contactPoints: ['db-1.local:19042', '10.0.0.2:9042', '[::1]:9043'],
      credentials: { username: 'ring', password: 'p@ss:/' },
      keyspace: 'eu_abuse_team',
      dialect: 'cassandra',
      datacenter: 'eu-1',
      replication: 1,
      tls: true,
    });
  });

  it.each([
    ['cql://', /form/],
    ['cql:db', /form/],
    ['cql://db/eu#x', /form/],
    ['cql://db:0', /no host/],
    ['cql://db:70000', /no host/],
    ['cql://db,', /no host/],
    ['cql://d b', /no host/],
    ['cql://secret@db', /without a password/],
    ['cql://user:secret%zz@db', /percent-encoded/],
    ['cql://db/Eu', /keyspace prefix "Eu"/],
    ['cql://db/a/b', /keyspace prefix/],
    [`cql://db/${'a'.repeat(48)}`, /at most 48/],
    ['cql://db?dialect=postgres', /scylla, cassandra/],
    ['cql://db?tls=yes', /true, false/],
    ['cql://db?replication=0', /1 to 9/],
    ['cql://db?replication=1.5', /1 to 9/],
    [`cql://db?datacenter=dc'1`, /datacenter/],
    ['cql://db?datacentre=dc1', /there are dialect/],
    ['cql://db?tls=true&tls=false', /twice/],
  ])('%s is refused, and the password not told', (url, why) => {
    const parse = () => parseCqlUrl(url, 'cheating-team');
    expect(parse).toThrow(StartupError);
    expect(parse).toThrow(why);
    expect(parse).not.toThrow(/secret/);
  });
});
