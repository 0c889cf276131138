import { mapOf, parsePolicy, policyFaultText, policyJsonSchema, svgOf } from '@ringside/data-ring';

/** Files of the workspace that are made from the ring's policy and its schema, by their paths. Throws for a policy that is not in order. */
export function ringDocuments(policy: string): ReadonlyMap<string, string> {
  const parsed = parsePolicy(policy);
  if (!parsed.ok) throw new Error(parsed.error.map((fault) => policyFaultText(fault)).join('\n'));
  return new Map([
    ['libs/data-ring/ring.schema.json', `${JSON.stringify(policyJsonSchema(), null, 2)}\n`],
    ['docs/ring-map.svg', svgOf(mapOf(parsed.value))],
  ]);
}
