export { openReplicator, type Replicator, type ReplicatorOptions } from './replicator.js';
export type { Link, LinkState, LinkStatus, Refusal } from './link.js';
export type { ReplicationFaults } from './faults.js';
export { readPolicy } from './read-policy.js';
