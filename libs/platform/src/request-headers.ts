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
    if (host === undefined && request.raw.httpVersion === '1.1') {
      done(new ProblemException(problems.malformedRequest, 'Send the header Host.'));
    } else if (expect !== undefined && expect.toLowerCase() !== '100-continue') {
      done(new ProblemException(problems.expectationFailed, 'Send the header Expect as 100-continue, or not at all.'));
    } else if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
      const headers = { 'accept-encoding': 'identity' };
      done(new ProblemException(problems.unsupportedMediaType, 'Send the body without a Content-Encoding.', { headers }));
    } else done();
  });
}
