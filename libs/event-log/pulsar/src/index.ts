export * from './admin/clusters.js';
export * from './admin/namespace-policies.js';
export * from './admin/namespaces.js';
export * from './admin/request.js';
export * from './admin/schemas.js';
export {
  createPartitionedTopic,
  ownPolicies,
  partitionCount,
  partitionedTopics,
  removeOwnPolicy,
  removeTopic,
  removeTopicPermission,
  removeTopicReplication,
  type TopicPlace,
  topicReplication,
  unpartitionedTopics,
} from './admin/topics.js';
export * from './open.js';
export type { RingNamespaces } from './topics.js';
export { parsePulsarUrl, type PulsarAddress } from './url.js';
