export type { CaseOperation, Given } from './case-model.js';
export { caseModel, caseOf, openReports } from './case-model.js';
export { streamVersionOf } from './case-requests.js';
export {
  heardOf,
  isPublished,
  requireAnsweredAsStored,
  requireLinearizable,
  requirePublishedAsStored,
  type Figures,
} from './checks.js';
export { openOffice, startWork, type Office, type OfficeOptions } from './office.js';
export { keyOf, readRecord, type Envelope, type OnRecord, type RecordPlace } from './on-record.js';
