/** The `CaseRules` of the service's team. */
export const CASE_RULES = Symbol('CASE_RULES');
