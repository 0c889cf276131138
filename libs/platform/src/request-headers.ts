import type { FastifyInstance } from 'fastify';
import { ProblemException, problems } from './problem.js';

/**
 * Refuses what HTTP/1.1 makes a server refuse, and bodies that are compressed: bodies are small here, and unpacking would be work
 * that anybody can give. To be called before any route is registered.
 */
export function refuseBadHeaders(fastify: FastifyInstance): void {
  // Node would answer an expectation by itself, without saying why.
  fastify.server.on('checkExpectation', (request, response) => fastify.server.emit('request', request, response));
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { host, expect, 'content-encoding': encoding } = request.headers;
    const { httpVersion, rawHeaders } = request.raw;
    if (httpVersion !== '1.1' && httpVersion !== '1.0') {
      done(new ProblemException(problems.malformedRequest, 'Send HTTP/1.1.'));
    } else if (host === undefined ? httpVersion === '1.1' : !isHost(host) || isTwice('host', rawHeaders)) {
      done(new ProblemException(problems.malformedRequest, 'Send the header Host once: a name or an address, and its port.'));
    } else if (expect !== undefined && expect.toLowerCase() !== '100-continue') {
      done(new ProblemException(problems.expectationFailed, 'Send the header Expect as 100-continue, or not at all.'));
    } else if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
      const headers = { 'accept-encoding': 'identity' };
      done(new ProblemException(problems.unsupportedMediaType, 'Send the body without a Content-Encoding.', { headers }));
    } else done();
  });
}

/** A name or an address with its port, as RFC 9110 has it; empty where the client's URL has none. */
const hostShape = /^(?:[A-Za-z0-9._~!$&'()*+,;=%-]*|\[[0-9A-Fa-f:.]+\])(?::\d{0,5})?$/;

/** Nearly all requests have the host of the one before. */
let lastHost = '';

function isHost(host: string): boolean {
  if (host === lastHost) return true;
  if (!hostShape.test(host)) return false;
  lastHost = host;
  return true;
}

/** Node keeps the first of several, and whoever stands in front of the service may have looked at the last. */
function isTwice(name: string, rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const given = rawHeaders[index]!;
    if (given.length === name.length && given.toLowerCase() === name) count += 1;
  }
  return count > 1;
}
