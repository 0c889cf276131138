import { UnavailableError } from '@ringside/core';
import type { PulsarAddress } from '../url.js';
import type { Transport } from '../transport.js';
import { openConsumer } from './consumer.js';
import { readOverSocket } from './reader.js';
import { createSender } from './sender.js';
import { openSocket, type OpenSocket, type Socket } from './socket.js';

/**
 * Pulsar's service takes frames of 1 MiB unless it is set otherwise. Base64 makes four bytes of three; 64 KiB are left for key,
 * id and the frame's names.
 */
const recordBytesMax = 720 * 1024;

export function createWebSocketTransport(
  { serviceUrl, token }: Pick<PulsarAddress, 'serviceUrl' | 'token'>,
  sendMsMax: number,
): Transport {
  const sockets = new Set<Socket>();
  let abandoned = false;

  const open: OpenSocket = async (path, handlers) => {
    if (abandoned) throw new UnavailableError('event-log', 'The event log was abandoned.');
    const onClosed = (reason: string): void => {
      sockets.delete(socket);
      handlers.onClosed(reason);
    };
    const socket: Socket = await openSocket({ serviceUrl, token, path }, { ...handlers, onClosed });
    sockets.add(socket);
    return socket;
  };

  return {
    driver: 'pulsar (WebSocket)',
    recordBytesMax,
    sender: (at) => createSender({ open, at, sendMsMax }),
    consume: (options, handlers) => openConsumer(open, options, handlers),
    read: (at, after) => readOverSocket(open, at, after),
    close: async () => undefined,
    abandon: () => {
      abandoned = true;
      for (const socket of sockets) socket.cut();
    },
  };
}
