export { discoverServices, type Service } from './discover-services.js';
export { freePortBase } from './free-ports.js';
export { ownSettingsAside } from './own-settings.js';
export { endWithParent, launch, type LaunchOptions, type ServiceProcess } from './service-process.js';
export { residentMemory, type ResidentMemory } from './resident-memory.js';
export { openServiceLog, readableLine, type ServiceLog } from './service-log.js';
export { Supervisor, type RestartPolicy, type SupervisionEvent } from './supervisor.js';
export { until } from './until.js';
export { keepsViews, viewKeepersIn, type ViewKeeper } from './view-keepers.js';
