import type { Zone } from '@ringside/events';

/** The ring as the Platform team declares it in `ring.yaml`. Valid: what contradicts itself never becomes a value of this type. */
export interface RingPolicy {
  /** Pulsar's tenant, and the prefix of the keyspaces. */
  readonly tenant: string;
  /** By name. In the order of the file. */
  readonly regions: Readonly<Record<string, RegionPolicy>>;
  /** By name, which is also that of its namespace in Pulsar. */
  readonly zones: Readonly<Record<string, ZonePolicy>>;
  /** Topics of the contract, by name: each is in one zone. */
  readonly topics: Readonly<Record<string, TopicPolicy>>;
  /** Tables of views, by name. */
  readonly views: Readonly<Record<string, ViewPolicy>>;
  /** Services, by name: in which zones each may produce and consume. */
  readonly services: Readonly<Record<string, ServicePolicy>>;
  readonly homes: HomesPolicy;
  /** SHA-256 of the file's text, in hexadecimal: which policy an audit was about. */
  readonly digest: string;
}

export interface RegionPolicy {
  /** For people, such as `Europe (Frankfurt)`. */
  readonly label: string;
  /** Whose law applies there. */
  readonly jurisdiction: string;
  /** Which region may work its cases while it is away: of those that its casework goes to. In the order of preference. */
  readonly successors: readonly string[];
}

interface ZoneCommon {
  /** What the zone is for. */
  readonly purpose: string;
  /** Why its data may be where it is. */
  readonly legalGround: string;
  readonly retention: Retention;
}

export type ZonePolicy =
  | (ZoneCommon & { readonly kind: 'global' })
  | (ZoneCommon & { readonly kind: 'regional' })
  | (ZoneCommon & {
      readonly kind: 'cross-region';
      /** From each region of origin to the regions that its events go to besides. A region that is not named keeps its own. */
      readonly routes: Readonly<Record<string, readonly string[]>>;
    });

export interface Retention {
  /** How long records are kept, in hours; null for ever. */
  readonly hours: number | null;
  /** The slowest subscriber may be so far behind, in hours, before somebody is told. */
  readonly lagHoursMax: number;
  /** Bytes of a topic's partition beyond which its older part is moved to cheaper storage; null for never. */
  readonly offloadBytes: number | null;
  /** After how long, in hours, a message counts as read by those who have not. Absent for never; never where views are built from it. */
  readonly messageTtlHours?: number;
}

export interface TopicPolicy {
  readonly zone: string;
}

export interface ViewPolicy {
  readonly zone: string;
  /** Topics of the contract that it is built from. */
  readonly from: readonly string[];
}

export interface ServicePolicy {
  /** Zones. */
  readonly produce: readonly string[];
  readonly consume: readonly string[];
}

export interface HomesPolicy {
  /** The first that fits says which region works the cases of a player. */
  readonly rules: readonly { readonly idPrefix: string; readonly region: string; readonly ground: string }[];
  /**
   * For players whom no rule fits: one region, or a rendezvous hash of the id over all of them or over those that are named. Named
   * ones stay the home of whoever has it there when the ring gets a further region.
   */
  readonly otherwise: 'hash' | { readonly region: string } | { readonly hashOver: readonly string[] };
}

export type ZoneKind = Zone;
