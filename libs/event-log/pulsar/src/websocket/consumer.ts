import type { Channel, ConsumeOptions, ConsumerHandlers } from '../transport.js';
import { pathOf, readReceived } from './messages.js';
import type { OpenSocket } from './socket.js';

/** Records that Pulsar's WebSocket service keeps at hand for one partition. */
const receiverQueueSize = 500;

/** Joins a Failover subscription on one partition, in pull mode: records come as they were requested and no sooner. */
export async function openConsumer(
  open: OpenSocket,
  { at, subscription, consumer }: ConsumeOptions,
  handlers: ConsumerHandlers,
): Promise<Channel> {
  const query = new URLSearchParams({
    subscriptionType: 'Failover',
    pullMode: 'true',
    receiverQueueSize: String(receiverQueueSize),
    consumerName: consumer,
  });
  let closing = false;
  const socket = await open(`/consumer/${pathOf(at)}/${encodeURIComponent(subscription)}?${query}`, {
    onText: (text) => {
      const received = readReceived(text, at);
      if (received !== undefined) handlers.onArrival({ record: received.record, handle: received.messageId });
    },
    onClosed: (reason) => {
      if (!closing) handlers.onClosed(reason);
    },
  });
  return {
    request: (records) => socket.send(`{"type":"permit","permitMessages":${records}}`),
    acknowledge: (handles) => {
      // One by one: the API has no cumulative acknowledgement. An id is base64, so it needs no escaping.
      for (const handle of handles as readonly string[]) socket.send(`{"type":"ack","messageId":"${handle}"}`);
    },
    close: () => {
      closing = true;
      return socket.close();
    },
  };
}
