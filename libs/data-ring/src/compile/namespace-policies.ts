import type { JsonObject } from '@ringside/core';

import type { Retention } from '../policy.js';

/** Why a policy of namespaces is what it is, where the ring's policy has no say in it. By Pulsar's name for it. */
export const reasonOfPolicy: Readonly<Record<string, string>> = {
  message_ttl_in_seconds: 'views are rebuilt from the log, so no record expires unread',
  subscription_expiration_time_minutes: 'a team that was away for long goes on where it was',
  backlog_quota_map: 'a subscription that lags neither refuses producers nor loses records',
  deduplicationEnabled: 'what a producer sends again after it lost its broker is stored once, and in order',
  autoTopicCreationOverride: 'a topic that the policy does not name has no zone',
  autoSubscriptionCreationOverride: 'a subscription is made where it is meant to begin',
  schema_compatibility_strategy: 'a published event never changes',
  is_allow_auto_update_schema: 'schemas are uploaded by whoever owns the contract, never by a producer in passing',
  schema_validation_enforced: 'events are validated by those who write and read them',
};

const minutesOfHour = 60;
const secondsOfHour = 3_600;

/** -1 in Pulsar: without end, or never. */
const unlimited = -1;

/**
 * Every policy of a namespace but who may use it and where it is replicated to, by Pulsar's names. Nothing is left to a broker's
 * defaults, which differ between its distributions.
 */
export function namespacePolicies({
  hours,
  offloadBytes,
  messageTtlHours = 0,
}: Pick<Retention, 'hours' | 'offloadBytes' | 'messageTtlHours'>): JsonObject {
  return {
    retention_policies: {
      retentionTimeInMinutes: hours === null ? unlimited : hours * minutesOfHour,
      retentionSizeInMB: unlimited,
    },
    offload_threshold: offloadBytes ?? unlimited,
    message_ttl_in_seconds: messageTtlHours * secondsOfHour,
    subscription_expiration_time_minutes: 0,
    backlog_quota_map: {
      destination_storage: { limitSize: unlimited, limitTime: unlimited, policy: 'producer_request_hold' },
    },
    deduplicationEnabled: true,
    autoTopicCreationOverride: { allowAutoTopicCreation: false },
    autoSubscriptionCreationOverride: { allowAutoSubscriptionCreation: false },
    schema_compatibility_strategy: 'FULL',
    is_allow_auto_update_schema: false,
    schema_validation_enforced: false,
  };
}

/** Records are kept for ever, and stay where they are. */
export const keptForever = { hours: null, offloadBytes: null } as const satisfies Partial<Retention>;
