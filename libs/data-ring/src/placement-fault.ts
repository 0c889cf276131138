/** Why a record must not be where somebody wants it, or what came from elsewhere must not be believed. */
export interface PlacementFault {
  readonly code:
    | 'unknown_topic'
    | 'not_in_this_region'
    | 'not_by_this_region'
    | 'not_by_this_service'
    | 'wrong_topic'
    | 'wrong_zone'
    | 'wrong_home'
    | 'unknown_region'
    | 'no_successor';
  /** A sentence that names the rule. */
  readonly message: string;
}

export const fault = (code: PlacementFault['code'], message: string): PlacementFault => ({ code, message });
