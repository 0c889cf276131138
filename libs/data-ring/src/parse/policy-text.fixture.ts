import { parsePolicy } from './parse-policy.js';
import { policyFaultText } from './policy-fault.js';

/** A policy that is in order, whatever the one of this workspace says. Specs change a line of it. */
export const policyText = `version: 1
tenant: ringside
regions:
  eu:
    label: Europe
    jurisdiction: GDPR
    successors: [us]
  us:
    label: United States
    jurisdiction: State law
    successors: [eu]
  ap:
    label: Asia Pacific
    jurisdiction: APPI
zones:
  global:
    kind: global
    purpose: Facts about opaque ids.
    legalGround: No field in it is personal.
    retention: { keep: forever, lagMax: 14d, offloadAfter: 50GB }
  casework:
    kind: cross-region
    purpose: Steps of cases.
    legalGround: Standard contractual clauses.
    retention: { keep: forever, lagMax: 14d }
    routes:
      eu: [us]
      us: [eu]
  evidence:
    kind: regional
    purpose: What players wrote.
    legalGround: Data minimisation.
    retention: { keep: forever, lagMax: 14d }
  control:
    kind: global
    purpose: The ring itself.
    legalGround: Ids of operators.
    retention: { keep: forever, lagMax: 14d, offloadAfter: never }
topics:
  reports: { zone: global }
  sanctions: { zone: global }
  reporters: { zone: global }
  ring: { zone: control }
  cases: { zone: casework }
  report-evidence: { zone: evidence }
  appeals: { zone: evidence }
views:
  case_steps: { zone: casework, from: [cases] }
services:
  intake: { produce: [global, evidence], consume: [global] }
  team: { produce: [global, casework], consume: [global, casework, evidence] }
  platform: { produce: [control], consume: [control] }
homes:
  rules:
    - { idPrefix: eu-, region: eu, ground: Accounts made in Europe. }
  otherwise: hash
`;

/** The text with one part of it changed. Throws where the part is not in it exactly once, for then nothing would be tested. */
export function changed(part: string, to: string): string {
  if (policyText.split(part).length !== 2)
    throw new Error(`"${part}" is in the policy ${policyText.split(part).length - 1} times.`);
  return policyText.replace(part, () => to);
}

/** A part of the policy, what stands there instead, and everything that is to be said of it. */
export interface Refused {
  readonly what: string;
  readonly part: string;
  readonly to: string;
  readonly faults: readonly string[];
}

/** What is said of the policy with one part of it changed, as it is printed. */
export function faultsOf(part: string, to: string): readonly string[] {
  const parsed = parsePolicy(changed(part, to));
  return parsed.ok ? [] : parsed.error.map((fault) => policyFaultText(fault));
}
