import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from '@ringside/core';
import type { Issuer } from '@ringside/issuer';

/** A file with a token that the platform services of the regions show each other. */
export interface PeerToken {
  readonly file: string;
  close(): void;
}

/** Half of what the development issuer's tokens are good for. */
const renewMs = 4 * 3_600_000;

/** Keeps a fresh token in the file: it is never missing and never half there. */
export async function keepPeerToken(issuer: Issuer, directory: string, print: (line: string) => void): Promise<PeerToken> {
  const file = join(directory, 'peer-token');
  const renew = async (): Promise<void> => {
    const body = JSON.stringify({ sub: 'platform-service', teams: [], roles: ['platform'] });
    const response = await fetch(`${issuer.url}/token`, { method: 'POST', body });
    const { access_token: token } = (await response.json()) as { access_token: string };
    await writeFile(`${file}.new`, token, { mode: 0o600 });
    await rename(`${file}.new`, file);
  };
  await renew().catch((error: Error) => {
    throw new StartupError(`The token of the platform services cannot be kept in ${file} (${error.message}).`, {
      cause: error,
    });
  });
  const timer = setInterval(() => {
    renew().catch((error: Error) => print(`The token of the platform services is not renewed: ${error.message}.`));
  }, renewMs);
  timer.unref();
  return { file, close: () => clearInterval(timer) };
}
