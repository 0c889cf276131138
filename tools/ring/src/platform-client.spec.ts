import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { askPlatform, issuersNear } from './platform-client.js';

let server: ReturnType<typeof createServer>;
let url: string;
let body: object;
beforeEach(async () => {
  server = createServer((_, response) =>
    response.writeHead(422, { 'content-type': 'application/problem+json' }).end(JSON.stringify(body)),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.close();
  await once(server, 'close');
});

describe('A platform service that refuses', () => {
  it('is shown with everything that it says is wrong, and where', async () => {
    body = {
      detail: 'The request is not in order.',
      errors: [{ pointer: '/reason', detail: 'Reason must not be empty.' }, { detail: 'Something else.' }],
    };
    await expect(askPlatform({ url, token: 'x' }, '/v1/ring/promotions', {})).rejects.toThrow(
      /^The request is not in order\.\n {2}\/reason: Reason must not be empty\.\n {2}Something else\.$/,
    );
  });
});

describe('The development issuer', () => {
  it('is looked for at the ports of the first region, whichever region is asked', () => {
    expect(issuersNear('http://127.0.0.1:3004')[0]).toBe('http://127.0.0.1:3009');
    expect(issuersNear('http://localhost:24124').slice(0, 3)).toEqual(
      [24129, 24119, 24109].map((port) => `http://127.0.0.1:${port}`),
    );
    expect(issuersNear('http://127.0.0.1:3024', 3000)).toEqual(['http://127.0.0.1:3009']);
    expect(issuersNear('https://platform.eu.example', 3000)).toEqual([]);
  });
});
