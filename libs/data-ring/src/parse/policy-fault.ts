/** The rule of a policy file that is broken. */
export type PolicyRule =
  | 'file_too_long'
  | 'yaml'
  | 'yaml_alias'
  | 'duplicate_key'
  | 'shape'
  | 'unknown_key'
  | 'missing'
  | 'name'
  | 'name_collision'
  | 'unknown_region'
  | 'unknown_zone'
  | 'unknown_topic'
  | 'topic_without_zone'
  | 'wider_than_contract'
  | 'personal_in_global'
  | 'no_player'
  | 'ring_not_global'
  | 'ring_produced_by_others'
  | 'no_route'
  | 'route_to_itself'
  | 'listed_twice'
  | 'retention_below_lag'
  | 'retention_of_views'
  | 'ttl_of_views'
  | 'ttl_below_lag'
  | 'offload'
  | 'view_wider_than_topic'
  | 'view_not_consumed'
  | 'successor'
  | 'home_shadowed';

/** Nobody reads more at once, and a broken text can have one at every character. */
export const policyFaultsMax = 100;

/** Why a policy file is refused, and where. */
export interface PolicyFault {
  readonly rule: PolicyRule;
  /** Both from 1 on. */
  readonly line: number;
  readonly column: number;
  /** Names from the top of the file, such as `zones.evidence.retention.keep`; empty for the file itself. */
  readonly path: string;
  /** A sentence: what is wrong, why, and what to do. */
  readonly message: string;
  readonly file: string;
}

/** `ring.yaml:31:5: zones.evidence.retention.keep: ...`, as editors and terminals know to open it. */
export function policyFaultText({ path, message, line, column, file }: PolicyFault, shownAs = file): string {
  return `${shownAs}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}`;
}

export type Path = readonly (string | number)[];

/** A fault before its place in the text is known. */
export interface Found {
  readonly rule: PolicyRule;
  readonly path: Path;
  readonly message: string;
  /** Whether the name is what is wrong, and not what stands beside it. */
  readonly atKey?: boolean;
}

export const pathText = (path: Path): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
