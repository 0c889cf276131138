import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A node of CQL's protocol, version 4, that knows nothing but itself: as much as a client needs to connect. */
export interface FakeNode {
  readonly port: number;
  connections(): number;
  close(): Promise<void>;
}

const protocolVersion = 4;
const headerBytes = 9;
const opcode = { error: 0x00, ready: 0x02, options: 0x05, supported: 0x06, query: 0x07, result: 0x08 } as const;
const unsupportedVersion = 0x000a;

/** @param isCutAt told each query, and how many its connection has had before it, says whether the connection is cut instead. */
export async function fakeNode(isCutAt: (query: string, before: number) => boolean): Promise<FakeNode> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.on('close', () => sockets.delete(socket));
    let queries = 0;
    const answer = (code: number, body: Buffer): Buffer => {
      if (code === opcode.options) return Buffer.concat([Buffer.from([opcode.supported]), short(0)]);
      if (code !== opcode.query) return Buffer.from([opcode.ready]);
      const query = body.toString('utf8', 4, 4 + body.readInt32BE(0));
      if (isCutAt(query, queries++)) socket.destroy();
      return Buffer.concat([Buffer.from([opcode.result]), query.includes('system.local') ? ofItself : nothing]);
    };
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= headerBytes && received.length >= headerBytes + received.readInt32BE(5)) {
        const end = headerBytes + received.readInt32BE(5);
        const isKnown = received[0] === protocolVersion;
        const sent = isKnown ? answer(received[4]!, received.subarray(headerBytes, end)) : refusal;
        if (!socket.destroyed) socket.write(frame(received.readInt16BE(2), sent));
        received = received.subarray(end);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function short(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

const text = (value: string): Buffer => Buffer.concat([short(Buffer.byteLength(value)), Buffer.from(value)]);

function frame(stream: number, [code, ...body]: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from([0x80 | protocolVersion, 0]),
    short(stream),
    Buffer.from([code!]),
    int(body.length),
    Buffer.from(body),
  ]);
}

const refusal = Buffer.concat([
  Buffer.from([opcode.error]),
  int(unsupportedVersion),
  text('Invalid or unsupported protocol version'),
]);

/** Rows of texts. */
function rows(columns: Readonly<Record<string, string>>, count: number): Buffer {
  const [ofRows, ofOneTable, varchar] = [2, 1, 0x0d];
  const names = Object.keys(columns).map((name) => Buffer.concat([text(name), short(varchar)]));
  const values = Object.values(columns).map((value) => Buffer.concat([int(Buffer.byteLength(value)), Buffer.from(value)]));
  const metadata = [int(ofOneTable), int(names.length), text('system'), text('local'), ...names];
  return Buffer.concat([int(ofRows), ...metadata, int(count), ...(count > 0 ? values : [])]);
}

const nothing = rows({ nothing: '' }, 0);
const ofItself = rows(
  {
    data_center: 'datacenter1',
    rack: 'rack1',
    release_version: '4.1.0',
    partitioner: 'org.apache.cassandra.dht.Murmur3Partitioner',
  },
  1,
);
