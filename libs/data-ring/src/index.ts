export { type Difference, type Phase, phases, type Step } from './compile/difference.js';
export { type Place, type PlaceKind, type Setting, textOfPlace, type WantedSetting } from './compile/settings.js';
export { homeOf } from './homes.js';
export { placedTopics, placementOf, type PlacedTopic, type Placement, type PlacementFault } from './placement.js';
export * from './policy.js';
export * from './serving.js';
export { standalone } from './standalone.js';
