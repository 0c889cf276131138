import { readFile } from 'node:fs/promises';
import { StartupError } from '@ringside/core';
import { createLocalJWKSet, createRemoteJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

/** A key that is not in the set makes it be asked for again, but not more often than this. */
const cooldownMs = 30_000;
/** A key that its owner has withdrawn is used no longer than this; what it has verified is believed `believedMsMax` longer. */
const ageMsMax = 10 * 60_000;
const fetchMsMax = 5_000;

/**
 * The public keys behind a URL (RFC 7517). `https:` and `http:` are fetched when a token first asks for one of them, and again as
 * they age; `file:` and `data:` are read once, here. Throws {@link StartupError} where that cannot be done.
 */
export async function openKeySet(address: string): Promise<JWTVerifyGetKey> {
  const url = new URL(address);
  if (url.protocol === 'https:' || url.protocol === 'http:') {
    return createRemoteJWKSet(url, { cooldownDuration: cooldownMs, cacheMaxAge: ageMsMax, timeoutDuration: fetchMsMax });
  }
  try {
    const text = url.protocol === 'file:' ? await readFile(url, 'utf8') : await (await fetch(url)).text();
    return createLocalJWKSet(JSON.parse(text) as JSONWebKeySet);
  } catch (error) {
    const shown = url.protocol === 'file:' ? address : 'data:...';
    throw new StartupError(`RINGSIDE_AUTH_JWKS must lead to a JSON Web Key Set, and ${shown} does not.`, { cause: error });
  }
}
