export { compileCql, type CqlPlace, keyspaceOf } from './compile/cql.js';
export { diff, type Difference, textOfValue } from './compile/difference.js';
export { compileEmbedded, embeddedNamespace } from './compile/embedded.js';
export { nearest } from './parse/nearest.js';
export { onlyRegions } from './compile/only-regions.js';
export { keptForever, namespacePolicies } from './compile/namespace-policies.js';
export { type ClusterAddress, compilePulsar, namespaceOf } from './compile/pulsar.js';
export {
  offloadStorage,
  type Place,
  type PlaceKind,
  type Setting,
  textOfPlace,
  type WantedSetting,
} from './compile/settings.js';
export {
  fillsNamespace,
  type HeldBack,
  type Mending,
  namespaceAt,
  type Phase,
  phases,
  type Step,
  stepsOf,
  type StepsOptions,
} from './compile/steps.js';
export { isSet, sameValue } from './compile/values.js';
export { mermaidOf } from './map/mermaid.js';
export { mapOf, type MapFlow, type MapRegion, type MapZone, type RingMap } from './map/ring-map.js';
export { svgOf } from './map/svg.js';
export { homeOf } from './homes.js';
export { placedTopics, placementOf, type PlacedTopic, type Placement } from './placement.js';
export type { PlacementFault } from './placement-fault.js';
export { parsePolicy, policyBytesMax } from './parse/parse-policy.js';
export { policyFaultsMax, policyFaultText, type PolicyFault, type PolicyRule } from './parse/policy-fault.js';
export { policyJsonSchema } from './parse/policy-shape.js';
export * from './policy.js';
export * from './serving.js';
export { standalone } from './standalone.js';
export { whereIs, type Whereabouts, type WhereIs } from './where-is.js';
export { platformService } from './wrong-ring-event.js';
export { reachOf } from './reach.js';
