import type { HttpConnection } from './http-connection.js';

/** Connections for requests that come on a schedule, used in turn so that none is idle for long. */
export interface ConnectionPool {
  /** An idle one or a new one; the first that comes back where so many as may be are taken. */
  take(): Promise<HttpConnection>;
  /** Each that was taken, or another one in its place. */
  giveBack(connection: HttpConnection): void;
  /** Those that are idle. */
  close(): void;
}

export function connectionPool(open: () => Promise<HttpConnection>, max: number): ConnectionPool {
  const idle: HttpConnection[] = [];
  const waiting: (() => void)[] = [];
  let taken = 0;
  const free = (): void => {
    const next = waiting.shift();
    if (next === undefined) taken -= 1;
    else next();
  };
  return {
    async take() {
      if (taken < max) taken += 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      for (let one = idle.shift(); one !== undefined; one = idle.shift()) if (one.isOpen()) return one;
      try {
        return await open();
      } catch (error) {
        free();
        throw error;
      }
    },
    giveBack(connection) {
      if (connection.isOpen()) idle.push(connection);
      free();
    },
    close() {
      for (const connection of idle.splice(0)) connection.close();
    },
  };
}
