import * as z from 'zod';
import type { EventDefinition } from '../define-event.js';
import { eventSchema } from '../envelope.js';
import type { JsonSchema } from '../record-schemas.js';
import type { Topic } from '../topics.js';

interface Message {
  readonly id: string;
  readonly topic: string;
  readonly content: JsonSchema;
}

/** The contract as an AsyncAPI 3.0 document: a channel for each topic, a message for each version that may lie in it. */
export function asyncApiDocument(contract: {
  readonly topics: readonly Topic[];
  readonly definitions: readonly EventDefinition[];
}): JsonSchema {
  const messages = contract.definitions.flatMap(messagesOf);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Ringside events',
      version: '1.0.0',
      description: 'What the services of Ringside tell each other. Events are JSON in UTF-8, keyed, and ordered per key.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(contract.topics.map((topic) => [topic.topic, channelOf(topic, messages)])),
    components: { messages: Object.fromEntries(messages.map(({ id, content }) => [id, content])) },
  };
}

const channelOf = ({ topic, zone, partitions }: Topic, messages: readonly Message[]): JsonSchema => ({
  address: topic,
  messages: Object.fromEntries(
    messages.filter((message) => message.topic === topic).map(({ id }) => [id, { $ref: `#/components/messages/${id}` }]),
  ),
  'x-zone': zone,
  'x-partitions': partitions,
});

const messagesOf = ({ type, topic, zone, version: current, versions }: EventDefinition): readonly Message[] =>
  versions.map(({ data, key }, index) => {
    const version = index + 1;
    // Draft 7 is what AsyncAPI takes a schema for where nothing else is said.
    const { $schema: _, ...payload } = z.toJSONSchema(eventSchema({ type, version, zone }, data), { target: 'draft-7' });
    return {
      id: `${type}.v${version}`,
      topic,
      content: {
        name: type,
        title: `${type} version ${version}${version === current ? '' : ' (no longer produced)'}`,
        'x-key': key,
        payload,
      },
    };
  });
