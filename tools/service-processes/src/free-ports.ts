import { createServer } from 'node:net';

/** The first of so many ports in a row that nobody listens on, below those that operating systems give to connections. */
export async function freePortBase(ports = 10): Promise<number> {
  for (;;) {
    const base = 20_000 + Math.floor(Math.random() * 1_200) * 10;
    const free = await Promise.all(Array.from({ length: ports }, (_, offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });
