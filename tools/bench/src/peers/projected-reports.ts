import { reportReasons, type ReportFiled } from '@ringside/events';

import { sampleReports } from '../sample-reports.js';

const reasons = reportReasons.map(({ reason }) => reason);

/** What everybody projects; the more there are, the more subjects they are about. */
export const projectedReports = (events: number): readonly ReportFiled[] =>
  sampleReports({ seed: 23, reports: events, reasons });
