import type cassandra from 'cassandra-driver';

/** What the driver does not show of itself: the connection over which it learns of nodes and schemas. */
interface ControlConnection {
  readonly connection: { readonly connected: boolean } | null;
  readonly host: { isUp(): boolean } | null;
  /** Looks for another connection, and then tries again by itself. `plan` is given by itself alone, to go on with. */
  _refresh(plan?: unknown): Promise<void>;
}

/**
 * Keeps a client's control connection to one refresh at a time. Without it (cassandra-driver 4.10, the newest there is, where it
 * is known as NODEJS-681) a lost connection can begin two: one that starts over from the contact points sets its listeners
 * twice. Two refreshes take `connection` from each other, and the one that finds null rejects in a timer, where nobody hears it
 * and the process ends; each sets its listeners twice again, so that connections that are cut again and again leave hundreds
 * open. To be dropped with the first release of the driver that has NODEJS-681.
 */
export function refreshOnceAtATime(client: cassandra.Client): void {
  const { controlConnection: control } = client as unknown as { readonly controlConnection: ControlConnection };
  const refresh = control._refresh.bind(control);
  const isAlive = (): boolean => control.connection?.connected === true && control.host?.isUp() === true;
  let running: Promise<void> | undefined;
  let isLostAgain = false;

  async function run(): Promise<void> {
    do {
      isLostAgain = false;
      await refresh();
      // Without a connection it has set a timer for its next attempt.
    } while (isLostAgain && control.connection !== null && !isAlive());
  }

  control._refresh = (plan) => {
    if (plan !== undefined) return refresh(plan);
    if (running !== undefined) isLostAgain = true;
    else if (!isAlive()) running = run().finally(() => (running = undefined));
    return running ?? Promise.resolve();
  };
}
