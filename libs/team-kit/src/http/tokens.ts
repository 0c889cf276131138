/** The `CaseRules` of the service's team. */
export const CASE_RULES = Symbol('CASE_RULES');

/** The team's `CaseworkPolicy`. */
export const CASEWORK_POLICY = Symbol('CASEWORK_POLICY');
