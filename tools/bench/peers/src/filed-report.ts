import { isoTime, uuidv7 } from '@ringside/core';
import type { ReportFiled } from '@ringside/events';
import { isAboutReporter, readReportForm, reportEvents } from '@ringside/intake-domain';

/** The event that a form becomes, by the same code as in report-intake; undefined where it is refused. */
export function filedReport(form: unknown): ReportFiled | undefined {
  const now = Date.now();
  const read = readReportForm(form, now);
  if (!read.ok || isAboutReporter(read.value)) return undefined;
  const filing = { reportId: uuidv7(now), filedAt: isoTime(now), region: 'local', source: 'peer', subjectHomeRegion: 'local' };
  return reportEvents(read.value, filing).find((event) => event.type === 'ReportFiled');
}

/** The answer to a report that is durable. */
export const receiptOf = ({ data: { reportId } }: ReportFiled) => ({ reportId, status: 'received' });
