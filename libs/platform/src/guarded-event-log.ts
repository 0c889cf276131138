import { CodedError } from '@ringside/core';
import type { Placement, PlacementFault } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';

/**
 * A service was about to do what the ring's policy does not allow it: a fault of the code, or of the policy. Nothing has left the
 * process.
 */
export class ZoneViolationError extends CodedError {
  readonly code = 'zone_violation';

  constructor(
    readonly violation: ZoneViolation,
    message: string,
  ) {
    super(message);
  }
}

export interface ZoneViolation {
  readonly service: string;
  readonly region: string;
  /** Of the log. */
  readonly topic: string;
  /** Undefined for a topic that this region's log does not have. */
  readonly zone: string | undefined;
  readonly call: 'append' | 'subscribe' | 'read' | 'create_topic' | 'reset_cursor' | 'heads' | 'backlog';
  /** What the policy was asked, and denied. */
  readonly rule: PlacementFault['code'];
}

/**
 * The log as far as the policy gives it to a service. Records are looked at before the first of them is sent: of an append with one
 * that must not be where it is going, none leaves the process.
 */
export function guardedEventLog(
  log: EventLog,
  placement: Placement,
  { service, onViolation }: { readonly service: string; readonly onViolation?: (error: ZoneViolationError) => void },
): EventLog {
  const refuse = (call: ZoneViolation['call'], topic: string, { code, message }: PlacementFault): never => {
    const zone = placement.held.find(({ name }) => name === topic)?.zone;
    const error = new ZoneViolationError({ service, region: placement.region, topic, zone, call, rule: code }, message);
    onViolation?.(error);
    throw error;
  };
  const mayConsume = (call: 'subscribe' | 'read' | 'reset_cursor', topic: string): void => {
    const fault = placement.mayConsume(service, topic);
    if (fault !== undefined) refuse(call, topic, fault);
  };
  /** Topics that the policy lets this service append to: it does not change while the service runs. */
  const producible = new Set<string>();
  const mayProduce = (topic: string): void => {
    if (producible.has(topic)) return;
    const fault = placement.mayProduce(service, topic);
    if (fault !== undefined) refuse('append', topic, fault);
    producible.add(topic);
  };
  const held = new Set(placement.held.map(({ name }) => name));
  const isHeld = (call: ZoneViolation['call'], topic: string): void => {
    if (held.has(topic)) return;
    const message = `"${topic}" is no topic of the log in ${placement.region}.`;
    refuse(call, topic, { code: 'not_in_this_region', message });
  };
  return {
    driver: log.driver,
    capabilities: log.capabilities,
    async createTopic(topic, options) {
      isHeld('create_topic', topic);
      await log.createTopic(topic, options);
    },
    topics: () => log.topics(),
    // Not async: on the path of every report, a promise less.
    append(records) {
      try {
        for (const { topic } of records) mayProduce(topic);
      } catch (error) {
        return Promise.reject(error as Error);
      }
      return log.append(records);
    },
    async subscribe(options) {
      mayConsume('subscribe', options.topic);
      return log.subscribe(options);
    },
    read(options) {
      mayConsume('read', options.topic);
      return log.read(options);
    },
    // How far a topic goes, and who has read how much of it, says nothing of what is in it.
    async heads(topic) {
      isHeld('heads', topic);
      return log.heads(topic);
    },
    async backlog(topic, subscription) {
      isHeld('backlog', topic);
      return log.backlog(topic, subscription);
    },
    async resetCursor(topic, subscription, to) {
      mayConsume('reset_cursor', topic);
      await log.resetCursor(topic, subscription, to);
    },
    health: () => log.health(),
    close: () => log.close(),
  };
}
