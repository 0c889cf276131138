import { once } from 'node:events';
import { createServer } from 'node:net';
import { StartupError } from '@ringside/core';
import type { Service } from '@ringside/service-processes';

/**
 * Throws {@link StartupError} for a port that somebody listens on. The services would say so as well, but whoever listens there
 * may be another Ringside, and would answer that it is ready.
 */
export async function requireFreePorts(
  services: readonly Pick<Service, 'name' | 'portOffset'>[],
  host: string,
  portBase: number,
): Promise<void> {
  for (const { name, portOffset } of services) {
    const server = createServer();
    try {
      server.listen(portBase + portOffset, host);
      await once(server, 'listening');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') continue; // the service has the words for it
      throw new StartupError(
        `Port ${portBase + portOffset}, for ${name}, is in use: stop what listens there, or choose other ports with --port-base.`,
        { cause: error },
      );
    } finally {
      server.close();
    }
  }
}
