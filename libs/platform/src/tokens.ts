/** What the platform provides to every module of a service, by injection token. */

/** The `EventLog` that the process opened. */
export const EVENT_LOG = Symbol('EVENT_LOG');
/** The `ViewStore` that the process opened. */
export const VIEW_STORE = Symbol('VIEW_STORE');
/** The `Placement`: the ring as this region's services see it. */
export const PLACEMENT = Symbol('PLACEMENT');
/** The `Clock` of the process. */
export const CLOCK = Symbol('CLOCK');
/** The `ServiceConfig`. */
export const SERVICE_CONFIG = Symbol('SERVICE_CONFIG');
/** The Prometheus `Registry` behind `/metrics`. */
export const METRICS = Symbol('METRICS');
/** The pino `Logger` of the service. */
export const LOGGER = Symbol('LOGGER');
