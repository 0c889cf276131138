import { WebSocket } from 'ws';

/** The WebSocket API of the region that a Pulsar URL with tenant and namespace names. */
export interface BarePulsar {
  /** Resolves when the connection is open. `path` is behind `/ws/v2`. */
  connect(path: string): Promise<WebSocket>;
  /** A partition as part of a path. */
  partition(topic: string, partition: number): string;
}

export function barePulsar(eventLogUrl: string): BarePulsar {
  const { host, pathname } = new URL(eventLogUrl.replace('pulsar+ws:', 'http:'));
  return {
    connect: (path) =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(`ws://${host}/ws/v2/${path}`, { perMessageDeflate: false });
        socket.once('open', () => resolve(socket)).once('error', reject);
      }),
    partition: (topic, partition) => `persistent${pathname}/${topic}-partition-${partition}`,
  };
}
