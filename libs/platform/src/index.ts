import 'reflect-metadata';

export { describeSettings, readConfig, type ServiceConfig, type Setting } from './config.js';
export type { BodyFormat } from './http-hardening.js';
export { forbiddenKeysIn, jsonBytesMax, jsonDepthMax, parseJson } from './json-body.js';
export { createLogger, type Logger } from './logging.js';
export { decodeCursor, encodeCursor, PageQuery, pageOf, ToInteger, type Page } from './page.js';
export { PlatformModule, type ServiceResources } from './platform.module.js';
export { ProblemFeed, type ProblemListener } from './problem-feed.js';
export { ApiProblems, FaultDto, ProblemDto, problemResponse } from './problem.dto.js';
export { problemDocument, ProblemException, problemOf, problems, problemType } from './problem.js';
export type { Fault, ProblemDocument, ProblemKind, ProblemOptions } from './problem.js';
export { Readiness, type PartHealth, type ReadinessReport } from './readiness.js';
export { runService, type Drivers } from './run-service.js';
export { startService, type RunningService, type ServiceDefinition, type StartOptions } from './start-service.js';
export { CLOCK, EVENT_LOG, LOGGER, METRICS, SERVICE_CONFIG, VIEW_STORE } from './tokens.js';
export { RequestValidationPipe } from './validation.pipe.js';
