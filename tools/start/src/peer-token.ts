import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from '@ringside/core';
import type { Issuer } from '@ringside/issuer';

/** Files with the tokens that the platform services of the regions show each other: each a token of its own to each of the others. */
export interface PeerTokens {
  /** As `RINGSIDE_RING_TOKEN_FILE` has it. */
  fileOf(region: string): string;
  close(): void;
}

/** Half of what the development issuer's tokens are good for. */
const renewMs = 4 * 3_600_000;

/** Keeps fresh tokens in the files: they are never missing and never half there. */
export async function keepPeerTokens(
  issuer: Issuer,
  {
    regions,
    directory,
    print,
  }: {
    readonly regions: readonly string[];
    readonly directory: string;
    readonly print: (line: string) => void;
  },
): Promise<PeerTokens> {
  const folderOf = (region: string): string => join(directory, 'peers', region);
  const renew = async (): Promise<void> => {
    for (const from of regions) {
      await mkdir(folderOf(from), { recursive: true });
      for (const to of regions.filter((region) => region !== from)) {
        await replace(join(folderOf(from), `${to}.jwt`), await tokenOf(issuer, from, to));
      }
    }
  };
  await renew().catch((error: Error) => {
    throw new StartupError(`The tokens of the platform services cannot be kept in ${directory} (${error.message}).`, {
      cause: error,
    });
  });
  const timer = setInterval(() => {
    renew().catch((error: Error) => print(`The tokens of the platform services are not renewed: ${error.message}.`));
  }, renewMs);
  timer.unref();
  return { fileOf: (region) => join(folderOf(region), '{region}.jwt'), close: () => clearInterval(timer) };
}

async function tokenOf(issuer: Issuer, from: string, to: string): Promise<string> {
  const person = { sub: `platform-${from}`, teams: [], roles: ['ring_peer'], region: from };
  const body = JSON.stringify({ ...person, audience: `urn:ringside:platform:${to}` });
  const response = await fetch(`${issuer.url}/token`, { method: 'POST', body });
  if (!response.ok) throw new Error(`the issuer answers with status ${response.status}`);
  return ((await response.json()) as { access_token: string }).access_token;
}

async function replace(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
