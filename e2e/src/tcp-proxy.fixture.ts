import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP proxy before a server on this machine, whose connections can be cut in the middle of what they carry. */
export interface TcpProxy {
  readonly port: number;
  /** Cuts every connection, and refuses new ones until {@link reopen}. */
  cut(): Promise<void>;
  reopen(): Promise<void>;
}

const host = '127.0.0.1';

export async function proxyTo(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
  };
  const server = createServer((near) => {
    const far = connect(targetPort, host);
    keep(near);
    keep(far);
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  const listen = (port: number): Promise<void> => new Promise((done) => server.listen(port, host, () => done()));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    reopen: () => listen(port),
    cut: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
