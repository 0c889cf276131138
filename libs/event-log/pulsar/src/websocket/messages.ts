import type { NewRecord, StoredRecord } from '@ringside/event-log';
import { decodeMessageId, type MessageId, positionOf } from '../message-id.js';
import { nameInPulsar, type PartitionTopic } from '../transport.js';

/** What a topic's part of a path is. */
export const pathOf = (at: PartitionTopic): string =>
  `persistent/${encodeURIComponent(at.tenant)}/${encodeURIComponent(at.namespace)}/${encodeURIComponent(nameInPulsar(at))}`;

/** Written by hand: this is where an appender's time goes. */
export function sendFrame({ key, id, bytes }: NewRecord, context: number, appendedAt: number): string {
  const payload = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  const properties = `{"id":${JSON.stringify(id)}}`;
  const eventTime = new Date(appendedAt).toISOString();
  return `{"payload":"${payload}","key":${JSON.stringify(key)},"properties":${properties},"context":"${context}","eventTime":"${eventTime}"}`;
}

export type SendAnswer =
  | { readonly context: number; readonly messageId: MessageId }
  | { readonly context: number | undefined; readonly refusal: string };

export function readSendAnswer(text: string): SendAnswer {
  const { result, messageId, errorMsg, context } = JSON.parse(text) as Record<string, string | undefined>;
  const number = context === undefined ? undefined : Number(context);
  if (result === 'ok' && messageId !== undefined && number !== undefined) {
    return { context: number, messageId: decodeMessageId(Buffer.from(messageId, 'base64')) };
  }
  return { context: number, refusal: [result, errorMsg].filter((part) => part !== undefined).join(': ') };
}

interface ReceivedMessage {
  readonly messageId: string;
  readonly payload?: string;
  readonly properties?: Readonly<Record<string, string>>;
  readonly publishTime: string;
  readonly eventTime?: string;
  readonly key?: string;
}

export interface Received {
  readonly record: StoredRecord;
  readonly messageId: string;
}

/** Undefined for a frame that is no message. */
export function readReceived(text: string, { topic, partition }: PartitionTopic): Received | undefined {
  const message = JSON.parse(text) as Partial<ReceivedMessage>;
  if (message.messageId === undefined || message.publishTime === undefined) return undefined;
  const { messageId, payload = '', properties, publishTime, eventTime, key = '' } = message;
  const position = positionOf(decodeMessageId(Buffer.from(messageId, 'base64')));
  const record: StoredRecord = {
    topic,
    partition,
    key,
    // A message that Ringside did not append has no id of its own; its place is one.
    id: properties?.['id'] ?? `${topic}/${partition}/${position}`,
    bytes: Buffer.from(payload, 'base64'),
    position,
    appendedAt: Date.parse(eventTime ?? publishTime),
  };
  return { record, messageId };
}
