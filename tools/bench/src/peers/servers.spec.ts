import { describe, expect, it } from '@jest/globals';

import { newestFirst, settingsFor, versionIn as postgresVersion } from './postgres.js';
import { versionIn as redisVersion } from './redis.js';
import { accountsIn } from './server-process.js';

describe('the servers of peers', () => {
  it('are called by their versions', () => {
    expect(postgresVersion('postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n')).toBe('PostgreSQL 15.18');
    expect(redisVersion('Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=ae\n')).toBe('Redis 7.0.15');
  });

  it('are the newest that are installed', () => {
    expect(newestFirst(['9', '15', '13'])).toEqual(['15', '13', '9']);
  });

  it('run as an account that is found by its name', () => {
    const accounts = accountsIn(
      'root:x:0:0:root:/root:/bin/bash\npostgres:x:104:111:PostgreSQL:/var/lib/postgresql:/bin/bash\n',
    );
    expect(accounts.get('postgres')).toEqual({ uid: 104, gid: 111 });
    expect(accounts.get('nobody')).toBeUndefined();
  });

  it('flush every commit, and take a quarter of the memory, up to a gigabyte', () => {
    const gibibyte = 2 ** 30;
    expect(settingsFor(2 * gibibyte)).toMatchObject({ fsync: 'on', synchronous_commit: 'on', shared_buffers: '512MB' });
    expect(settingsFor(64 * gibibyte)['shared_buffers']).toBe('1024MB');
  });
});
