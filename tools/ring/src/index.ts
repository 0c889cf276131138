export { identify, isRunning, type ProcessIdentity } from './processes.js';
export { type RegionPorts } from './ports.js';
export { readRing, type Ring, type RingRegion, type RingServer } from './regions.js';
export { killServer, restartServer, ringDown, ringUp, type RingOptions, type ServerOfRegion } from './ring.js';
export { serverNames, type ServerName } from './ring-file.js';
export { type ControlOptions, openControl, type OpenControl } from './open-control.js';
