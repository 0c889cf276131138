import cassandra from 'cassandra-driver';

const answerMsMax = 5_000;

/** Connects to a CQL server and asks it a question. Resolves if it was answered. */
export async function probeCql(port: number): Promise<void> {
  const client = new cassandra.Client({
    contactPoints: [`127.0.0.1:${port}`],
    localDataCenter: 'datacenter1',
    socketOptions: { connectTimeout: answerMsMax, readTimeout: answerMsMax },
  });
  // The client tries again by itself; here every attempt is one of its own, and its errors are the caller's to tell.
  client.on('log', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.execute('SELECT release_version FROM system.local');
    if (rows.length !== 1) throw new Error(`The server at port ${port} does not know its own version.`);
  } finally {
    await client.shutdown();
  }
}
