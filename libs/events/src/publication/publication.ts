import { createHash } from 'node:crypto';

/** What of the contract is committed beside its source. Names are `<Event>/v<n>`. */
export interface Publication {
  /** Texts of the schema files. */
  readonly schemas: ReadonlyMap<string, string>;
  /** Envelopes of that version, as they are stored. */
  readonly fixtures: ReadonlyMap<string, readonly unknown[]>;
  /** SHA-256 of each published schema file: the lock that makes a change of one visible. */
  readonly published: ReadonlyMap<string, string>;
  /** The AsyncAPI document; empty where there is none yet. */
  readonly asyncApi: string;
}

export const versionName = (type: string, version: number): string => `${type}/v${version}`;

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
