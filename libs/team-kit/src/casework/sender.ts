import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ProblemException, problems, type Identity } from '@ringside/platform';
import type { FastifyRequest } from 'fastify';

/** Who sent a command, and what its headers say. */
export interface Sender {
  readonly identity: Identity;
  /** The version of the case that they saw; undefined where they did not say, on routes that do not ask for it. */
  readonly version: number | undefined;
  readonly idempotencyKey: string | undefined;
}

/** Whether a command has to say which version of the case its sender saw. */
export type IfMatch = 'required' | 'optional';

/**
 * The {@link Sender} of a command, as a handler's parameter. Refuses what is missing (428) or malformed (400) in its headers;
 * If-Match is required where nothing is said.
 */
export const SentBy = createParamDecorator((ifMatch: IfMatch | undefined, context: ExecutionContext): Sender => {
  const { caller, headers } = context.switchToHttp().getRequest<FastifyRequest & { readonly caller?: Identity }>();
  if (caller === undefined) throw new Error('Commands are taken only where callers have to say who they are.');
  return {
    identity: caller,
    version: versionOfIfMatch(headers['if-match'], ifMatch),
    idempotencyKey: idempotencyKeyOf(headers['idempotency-key'] as string | undefined),
  };
});

function versionOfIfMatch(given: string | undefined, ifMatch: IfMatch = 'required'): number | undefined {
  if (given === undefined) {
    if (ifMatch === 'optional') return undefined;
    throw new ProblemException(
      problems.preconditionRequired,
      'Send the version that you saw, the ETag of the case, as If-Match: a case may change between reading and acting.',
      { errors: [{ header: 'if-match', detail: 'is required' }] },
    );
  }
  const version = etag.exec(given)?.[1];
  if (version !== undefined) return Number(version);
  throw badHeader('if-match', 'must be one ETag of the case, such as "1048577"');
}

/** As the service writes it: without leading zeros. */
export const etag = /^"(0|[1-9]\d{0,15})"$/;

/** As for reports: 1 to 128 visible characters of ASCII. */
export function idempotencyKeyOf(key: string | undefined): string | undefined {
  if (key === undefined || /^[\x21-\x7e]{1,128}$/.test(key)) return key;
  throw badHeader('idempotency-key', 'must be 1 to 128 visible ASCII characters');
}

const badHeader = (header: string, detail: string): ProblemException =>
  new ProblemException(problems.invalidRequest, `Mend the header ${header}.`, { errors: [{ header, detail }] });
