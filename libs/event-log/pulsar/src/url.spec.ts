import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { StartupError } from '@ringside/core';
import { parsePulsarUrl } from './url.js';

describe('the URL of a Pulsar', () => {
  it.each([
    ['pulsar+ws://broker', 'websocket', 'ws://broker:8080', 'http://broker:8080'],
    ['pulsar+ws://broker:80/', 'websocket', 'ws://broker:80', 'http://broker:80'],
    ['pulsar+wss://broker', 'websocket', 'wss://broker:8443', 'https://broker:8443'],
    ['pulsar+ws://127.0.0.1:18080?admin=http://admin:81', 'websocket', 'ws://127.0.0.1:18080', 'http://admin:81'],
    ['pulsar+ws://[::1]:18080', 'websocket', 'ws://[::1]:18080', 'http://[::1]:18080'],
    ['pulsar://broker', 'native', 'pulsar://broker:6650', 'http://broker:8080'],
    ['pulsar+ssl://broker:6000', 'native', 'pulsar+ssl://broker:6000', 'https://broker:8443'],
  ])('%s', (url, transport, serviceUrl, adminUrl) => {
    expect(parsePulsarUrl(url)).toMatchObject({ transport, serviceUrl, adminUrl, tenant: 'ringside', namespace: 'global' });
  });

  it('names tenant and namespace, and what else there is to choose', () => {
    expect(parsePulsarUrl('pulsar+ws://b/acme/eu')).toMatchObject({ tenant: 'acme', namespace: 'eu', createNamespace: true });
    expect(parsePulsarUrl('pulsar+ws://b/acme')).toMatchObject({ tenant: 'acme', namespace: 'global' });
    expect(parsePulsarUrl('pulsar://b?createNamespace=false&replicateSubscriptions=true&trustCertsFile=/ca.pem')).toMatchObject(
      {
        createNamespace: false,
        replicateSubscriptions: true,
        trustCertsFile: '/ca.pem',
      },
    );
  });

  it('carries a token, or the file that it is read from each time', async () => {
    expect(await parsePulsarUrl('pulsar+ws://b').token()).toBeUndefined();
    expect(await parsePulsarUrl('pulsar+ws://b?token=secret').token()).toBe('secret');
    const directory = mkdtempSync(join(tmpdir(), 'ringside-pulsar-'));
    try {
      const file = join(directory, 'token');
      const { token } = parsePulsarUrl(`pulsar+ws://b?tokenFile=${file}`);
      await expect(token()).rejects.toThrow(StartupError);
      writeFileSync(file, 'first\n');
      expect(await token()).toBe('first');
      writeFileSync(file, 'second\n');
      expect(await token()).toBe('second');
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it.each([
    ['kafka://broker', /begins with pulsar:\/\//],
    ['pulsar+ws://', /no host/],
    ['pulsar+ws://broker:port', /a port that is none/],
    ['pulsar+ws://broker/a/b/c', /more than \/tenant\/namespace/],
    ['pulsar+ws://user:secret@broker', /tokenFile/],
    ['pulsar+ws://broker?tokn=secret', /"tokn"/],
    ['pulsar+ws://broker?token=secret&tokenFile=/x', /both token and tokenFile/],
    ['pulsar+ws://broker?createNamespace=no', /neither true nor false/],
    ['pulsar+ws://broker?admin=broker:8080', /admin is not/],
    ['pulsar+ws://broker?replicateSubscriptions=true', /native client only/],
    ['pulsar+wss://broker?trustCertsFile=/ca.pem', /NODE_EXTRA_CA_CERTS/],
  ])('%s is refused without telling a secret', (url, reason) => {
    expect(() => parsePulsarUrl(url)).toThrow(StartupError);
    expect(() => parsePulsarUrl(url)).toThrow(reason);
    expect(() => parsePulsarUrl(url)).not.toThrow(/secret/);
  });
});
