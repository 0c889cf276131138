export { type CqlAdminOptions, openCqlAdmin } from './cql-admin.js';
export { type EmbeddedAdminOptions, NotEmbeddedError, openEmbeddedAdmin } from './embedded-admin.js';
export { openRegionControl, type RegionControlOptions } from './open-region-control.js';
export { openRingControl, type RingControlOptions } from './open-ring-control.js';
export { InvalidOperatorError } from './operator.js';
export { openPulsarAdmin, type PulsarAdminOptions } from './pulsar-admin.js';
export type { RecordLog } from './record.js';
export type { LiveConfiguration, RegionAdmin, Unenforced } from './region-admin.js';
export type * from './ring-control.js';
