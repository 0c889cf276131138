export type { LiveConfiguration, RegionAdmin, Unenforced } from './region-admin.js';
export type * from './ring-control.js';
