export { homeOf } from './homes.js';
export { placedTopics, placementOf, type PlacedTopic, type Placement, type PlacementFault } from './placement.js';
export * from './policy.js';
export * from './serving.js';
export { standalone } from './standalone.js';
