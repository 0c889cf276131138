/**
 * The words of the DSA Transparency Database, as its interface for submissions takes them.
 * Source: "API and Schema" of transparency.dsa.ec.europa.eu, and the rules of its published code (June 2026).
 */
export const statementCategories = [
  'STATEMENT_CATEGORY_ANIMAL_WELFARE',
  'STATEMENT_CATEGORY_CONSUMER_INFORMATION',
  'STATEMENT_CATEGORY_CYBER_VIOLENCE',
  'STATEMENT_CATEGORY_CYBER_VIOLENCE_AGAINST_WOMEN',
  'STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS',
  'STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH',
  'STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS',
  'STATEMENT_CATEGORY_NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS',
  'STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE',
  'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
  'STATEMENT_CATEGORY_PROTECTION_OF_MINORS',
  'STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY',
  'STATEMENT_CATEGORY_SCAMS_AND_FRAUD',
  'STATEMENT_CATEGORY_SELF_HARM',
  'STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS',
  'STATEMENT_CATEGORY_VIOLENCE',
] as const;
export type StatementCategory = (typeof statementCategories)[number];

export const decisionGrounds = ['DECISION_GROUND_INCOMPATIBLE_CONTENT', 'DECISION_GROUND_ILLEGAL_CONTENT'] as const;
export type DecisionGround = (typeof decisionGrounds)[number];

export const contentTypes = [
  'CONTENT_TYPE_APP',
  'CONTENT_TYPE_AUDIO',
  'CONTENT_TYPE_IMAGE',
  'CONTENT_TYPE_PRODUCT',
  'CONTENT_TYPE_SYNTHETIC_MEDIA',
  'CONTENT_TYPE_TEXT',
  'CONTENT_TYPE_VIDEO',
  'CONTENT_TYPE_OTHER',
] as const;
export type ContentType = (typeof contentTypes)[number];

/** Where a restriction can hold for the database: the countries of the European Economic Area. */
export const territories = [
  ...['AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE', 'IS', 'IT', 'LI', 'LT', 'LU'],
  ...['LV', 'MT', 'NL', 'NO', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK'],
] as const;

/** A statement of reasons as the database takes it: `POST /api/v1/statement`. Without personal data: Article 24(5). */
export interface TransparencyStatement {
  readonly decision_visibility: null;
  readonly decision_monetary: null;
  readonly decision_provision: 'DECISION_PROVISION_PARTIAL_SUSPENSION' | null;
  readonly decision_account: 'DECISION_ACCOUNT_SUSPENDED' | 'DECISION_ACCOUNT_TERMINATED' | null;
  readonly account_type: 'ACCOUNT_TYPE_PRIVATE';
  readonly decision_ground: DecisionGround;
  readonly decision_ground_reference_url?: string;
  readonly illegal_content_legal_ground?: string;
  readonly illegal_content_explanation?: string;
  readonly incompatible_content_ground?: string;
  readonly incompatible_content_explanation?: string;
  readonly content_type: readonly ContentType[];
  readonly content_type_other?: string;
  readonly category: StatementCategory;
  readonly territorial_scope: readonly string[];
  /** Dates are days: `2026-01-31`. */
  readonly content_date: string;
  readonly application_date: string;
  readonly end_date_account_restriction: string | null;
  readonly end_date_service_restriction: string | null;
  readonly decision_facts: string;
  readonly source_type: 'SOURCE_ARTICLE_16' | 'SOURCE_TYPE_OTHER_NOTIFICATION' | 'SOURCE_VOLUNTARY';
  readonly automated_detection: 'Yes' | 'No';
  readonly automated_decision: 'AUTOMATED_DECISION_FULLY' | 'AUTOMATED_DECISION_PARTIALLY' | 'AUTOMATED_DECISION_NOT_AUTOMATED';
  /** Unique among all statements of the platform; letters, digits, hyphens and underscores. */
  readonly puid: string;
}
