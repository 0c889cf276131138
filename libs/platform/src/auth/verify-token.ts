import { errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { ProblemException, problems } from '../problem.js';
import { readIdentity, readPeer } from './identity.js';
import type { Verified } from './known-callers.js';

/** Signatures that are taken: asymmetric ones alone, for whoever can verify the others can sign as well. */
const algorithms = ['ES256', 'RS256', 'EdDSA'];
/** How far the clocks of the issuer and of this machine may be apart. */
const clockToleranceSeconds = 30;

export interface TokenRules {
  readonly keys: JWTVerifyGetKey;
  readonly issuer: string;
  readonly audience: string;
  /** Whom the tokens of peers are for; absent where nobody has peers. */
  readonly peerAudience?: string | undefined;
}

/** The token in a header `Authorization`. Throws {@link ProblemException}: 401 where there is none. */
export function tokenOf(header: string | undefined): string {
  if (header === undefined) throw unauthorized('Send a token: Authorization: Bearer <JWT>.');
  const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(header)?.[1];
  if (token === undefined) throw unauthorized('Send the token as: Authorization: Bearer <JWT>.', 'invalid_request');
  return token;
}

/** Whom a token names, and until when that may be believed. Throws {@link ProblemException}: 401, or 503 where no key can be had. */
export async function verifyToken(token: string, rules: TokenRules): Promise<Verified> {
  const { keys, issuer, audience, peerAudience } = rules;
  let claims: Readonly<Record<string, unknown>>;
  try {
    const requiredClaims = ['sub', 'exp'];
    const audiences = peerAudience === undefined ? audience : [audience, peerAudience];
    const options = { issuer, audience: audiences, algorithms, clockTolerance: clockToleranceSeconds, requiredClaims };
    claims = (await jwtVerify(token, keys, options)).payload;
  } catch (error) {
    throw problemOfToken(error);
  }
  const isForPeople = [claims['aud']].flat().includes(audience);
  const identity = isForPeople ? readIdentity(claims) : readPeer(claims);
  if (typeof identity === 'string') throw unauthorized(`The token cannot be taken: its claim ${identity}.`, 'invalid_token');
  return { identity, expiresAt: (Number(claims['exp']) + clockToleranceSeconds) * 1_000 };
}

/** RFC 6750: without a token the challenge names no error. */
export function unauthorized(detail: string, error?: 'invalid_request' | 'invalid_token'): ProblemException {
  const challenge = error === undefined ? '' : `, error="${error}"`;
  return new ProblemException(problems.unauthorized, detail, {
    headers: { 'www-authenticate': `Bearer realm="ringside"${challenge}` },
  });
}

function problemOfToken(error: unknown): ProblemException {
  if (error instanceof errors.JWTExpired) return unauthorized('The token has expired: get a new one.', 'invalid_token');
  if (error instanceof errors.JWTClaimValidationFailed) {
    // Name of the claim: its value, and what was expected, are none of a stranger's business.
    return unauthorized(`The token cannot be taken: its claim "${error.claim}" is missing or wrong.`, 'invalid_token');
  }
  if (isOfTheToken(error)) {
    return unauthorized('The token cannot be taken: it is malformed, or not signed by whoever may.', 'invalid_token');
  }
  const headers = { 'retry-after': '1' };
  const detail = 'The keys that tokens are signed with cannot be had now. Send it again.';
  return new ProblemException(problems.unavailable, detail, { headers, cause: error });
}

const isOfTheToken = (error: unknown): boolean =>
  [
    errors.JWTInvalid,
    errors.JWSInvalid,
    errors.JWSSignatureVerificationFailed,
    errors.JOSEAlgNotAllowed,
    errors.JOSENotSupported,
    errors.JWKSNoMatchingKey,
    errors.JWKSMultipleMatchingKeys,
  ].some((kind) => error instanceof kind);
