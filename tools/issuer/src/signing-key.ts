import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from '@ringside/core';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type CryptoKey,
  type JSONWebKeySet,
  type JWK,
} from 'jose';

const algorithm = 'ES256';

export interface SigningKey {
  readonly id: string;
  readonly privateKey: CryptoKey;
  /** What tokens are verified with, for everybody to see. */
  readonly keySet: JSONWebKeySet;
}

export async function createSigningKey(): Promise<SigningKey> {
  return signingKeyOf(await newJwk());
}

/** The key that is kept in a directory; a new one where there is none. Tokens that were signed before a restart stay valid. */
export async function openSigningKey(directory: string): Promise<SigningKey> {
  const file = join(directory, 'signing-key.json');
  try {
    return await signingKeyOf((await readJwk(file)) ?? (await writeJwk(directory, file)));
  } catch (error) {
    throw new StartupError(`The key of the development issuer, ${file}, cannot be used: delete it, and a new one is made.`, {
      cause: error,
    });
  }
}

async function newJwk(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  return exportJWK(privateKey);
}

async function readJwk(file: string): Promise<JWK | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as JWK;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function writeJwk(directory: string, file: string): Promise<JWK> {
  const jwk = await newJwk();
  await mkdir(directory, { recursive: true });
  // In one step, so that a start that is cut short leaves no half of a key.
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, JSON.stringify(jwk), { mode: 0o600 });
  await rename(unfinished, file);
  return jwk;
}

async function signingKeyOf(jwk: JWK): Promise<SigningKey> {
  const { kty, crv, x, y } = jwk as Record<string, string>;
  const id = await calculateJwkThumbprint(jwk);
  const publicJwk = { kty, crv, x, y, kid: id, alg: algorithm, use: 'sig' } as JWK;
  return { id, privateKey: (await importJWK(jwk, algorithm)) as CryptoKey, keySet: { keys: [publicJwk] } };
}

/** The key set as a URL that needs no server: for services that are started by a test. */
export const keySetUrl = ({ keySet }: SigningKey): string =>
  `data:application/json,${encodeURIComponent(JSON.stringify(keySet))}`;
