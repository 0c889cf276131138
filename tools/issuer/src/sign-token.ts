import { SignJWT } from 'jose';
import type { SigningKey } from './signing-key.js';

/** Whom a token is for. */
export interface Person {
  readonly sub: string;
  readonly teams: readonly string[];
  readonly roles: readonly string[];
  /** Of a platform service: the region that it is of. */
  readonly region?: string | undefined;
}

export interface TokenTerms {
  readonly issuer: string;
  readonly audience: string;
  /** How long it is valid; less than 0 makes one that has expired. */
  readonly seconds: number;
}

/** A JSON Web Token as the services take it. */
export function signToken(key: SigningKey, { sub, teams, roles, region }: Person, terms: TokenTerms): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  return new SignJWT({ teams: [...teams], roles: [...roles], ...(region !== undefined && { region }) })
    .setProtectedHeader({ alg: 'ES256', kid: key.id, typ: 'JWT' })
    .setSubject(sub)
    .setIssuer(terms.issuer)
    .setAudience(terms.audience)
    .setIssuedAt(Math.min(now, now + terms.seconds))
    .setExpirationTime(now + terms.seconds)
    .sign(key.privateKey);
}
