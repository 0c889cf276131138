import { evidenceRow } from '@ringside/casework';
import type { ReportEvidenceFiled } from '@ringside/events';
import type { SubscriberRuntime } from '@ringside/team-kit';

/** Where this region finds the replays of these reports, by report. None of those whose evidence another region keeps. */
export async function replaysOnFile(
  views: SubscriberRuntime['views'],
  caseId: string,
  replays: readonly { readonly reportId: string }[],
): Promise<ReadonlyMap<string, string>> {
  const reportIds = [...new Set(replays.map(({ reportId }) => reportId))];
  const rows = await views.getMany(reportIds.map((reportId) => evidenceRow(caseId, reportId)));
  const urls = new Map<string, string>();
  for (const [index, row] of rows.entries()) {
    const { replayUrl } = (row?.value ?? {}) as Partial<ReportEvidenceFiled['data']>;
    if (replayUrl !== undefined) urls.set(reportIds[index]!, replayUrl);
  }
  return urls;
}
