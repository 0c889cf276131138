import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP proxy before a server, which can be away and can cut connections in the middle of what they carry. */
export interface Proxy {
  readonly port: number;
  /** Listens (again). */
  open(): Promise<void>;
  /** Cuts every connection, and refuses new ones until {@link open}. */
  away(): Promise<void>;
  /** Cuts every connection; new ones are taken. */
  cut(): void;
}

export async function proxyTo(target: { readonly host: string; readonly port: number }): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
  };
  const server = createServer((near) => {
    const far = keep(connect(target));
    keep(near).pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  const listen = (port: number): Promise<void> => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    open: () => listen(port),
    away: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      cut();
      return closed;
    },
    cut,
  };
}
