import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

export interface FakeConnection {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  /** Frames that came, parsed. */
  readonly frames: Record<string, unknown>[];
}

/** Stands in for Pulsar's WebSocket service: `onFrame` does what the broker would, `onOpened` before any frame came. */
export async function fakeService(
  onFrame: (connection: FakeConnection, frame: Record<string, string>) => void = () => undefined,
  onOpened: (connection: FakeConnection) => void = () => undefined,
) {
  const connections: FakeConnection[] = [];
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise<void>((resolve) => server.once('listening', resolve));
  server.on('connection', (socket, request) => {
    const connection: FakeConnection = { socket, request, frames: [] };
    connections.push(connection);
    onOpened(connection);
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as Record<string, string>;
      connection.frames.push(frame);
      onFrame(connection, frame);
    });
  });
  return {
    serviceUrl: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections,
    close: () =>
      new Promise<void>((resolve) => {
        for (const { socket } of connections) socket.terminate();
        server.close(() => resolve());
      }),
  };
}

/** What the service answers to a record that the broker has. */
export const stored = (context: string | undefined, entry: number): string =>
  JSON.stringify({ result: 'ok', messageId: Buffer.from([8, 6, 16, entry]).toString('base64'), context });
