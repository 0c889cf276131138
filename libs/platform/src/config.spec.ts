import { describe, expect, it } from '@jest/globals';
import { StartupError } from '@ringside/core';
import { describeSettings, readConfig } from './config.js';

describe('readConfig', () => {
  it('has a default for everything, and takes an empty variable for an absent one', () => {
    expect(readConfig({ RINGSIDE_REGION: '' }, { port: 3001 })).toMatchObject({
      port: 3001,
      host: '127.0.0.1',
      dataDirectory: './data',
      eventLogUrl: 'embedded:',
      viewStoreUrl: 'embedded:',
      region: 'local',
      logLevel: 'info',
      rateLimitPerMinute: 0,
      trustedProxies: [],
    });
  });

  it('reads what is set', () => {
    const env = {
      RINGSIDE_PORT: '8080',
      RINGSIDE_EVENT_LOG: 'pulsar+ws://broker:8080',
      RINGSIDE_TRUSTED_PROXIES: '10.0.0.1, 10.1.0.0/16',
    };
    expect(readConfig(env, { port: 1 })).toMatchObject({
      port: 8080,
      eventLogUrl: 'pulsar+ws://broker:8080',
      trustedProxies: ['10.0.0.1', '10.1.0.0/16'],
    });
  });

  it('reads the peers of a platform service, and refuses what is no region with an address', () => {
    const read = (peers: string) => readConfig({ RINGSIDE_RING_PEERS: peers }, { port: 1 }).ringPeers;
    expect(read('us=http://127.0.0.1:3014, ap=https://platform.ap.example/')).toEqual([
      { region: 'us', url: 'http://127.0.0.1:3014' },
      { region: 'ap', url: 'https://platform.ap.example' },
    ]);
    for (const wrong of ['http://127.0.0.1:3014', 'us=127.0.0.1:3014', 'us=ftp://there', 'US=http://there', 'us=http://a@b']) {
      expect(() => read(wrong)).toThrow('RINGSIDE_RING_PEERS must be region=URL');
    }
  });

  it('asks peers over https:, but for this machine or in development, and shows each a token of its own', () => {
    const read = (env: Record<string, string>) => readConfig(env, { port: 1 });
    const peers = { RINGSIDE_RING_PEERS: 'us=http://platform.us.example,ap=http://[::1]:3024' };
    expect(() => read(peers)).toThrow('RINGSIDE_RING_PEERS must have an https: URL for us in production.');
    expect(read({ ...peers, RINGSIDE_ENV: 'development' }).ringPeers).toHaveLength(2);
    expect(read({ RINGSIDE_RING_TOKEN_FILE: 'peer-{region}.jwt' }).ringTokenFile).toBe('peer-{region}.jwt');
    expect(() => read({ RINGSIDE_RING_TOKEN_FILE: 'peer.jwt' })).toThrow('RINGSIDE_RING_TOKEN_FILE must have {region} in it');
  });

  it('names all faults at once', () => {
    const env = {
      RINGSIDE_PORT: '70000',
      RINGSIDE_REGION: 'EU West',
      RINGSIDE_EVENT_LOG: 'nowhere',
      RINGSIDE_LOG_LEVEL: 'loud',
    };
    const read = () => readConfig(env, { port: 1 });
    expect(read).toThrow(StartupError);
    for (const variable of Object.keys(env)) expect(read).toThrow(variable);
    expect(read).toThrow('"70000"');
  });

  it('describes every setting that it reads', () => {
    const settings = describeSettings(3001);
    expect(settings.find(({ variable }) => variable === 'RINGSIDE_PORT')).toMatchObject({ default: '3001' });
    expect(settings).toHaveLength(Object.keys(readConfig({}, { port: 1 })).length);
  });
});
