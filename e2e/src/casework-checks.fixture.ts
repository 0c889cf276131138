import { expect } from '@jest/globals';
import {
  caseOf,
  heardOf,
  openReports,
  streamVersionOf,
  type CaseOperation,
  type Envelope,
  type OnRecord,
  keyOf,
} from '@ringside/casework-load';
import { until } from './processes.fixture.js';
import { getJson } from './ringside.fixture.js';

interface CaseShown {
  readonly claim: { readonly by: string } | null;
  readonly heldSince: string | null;
  readonly escalated: boolean;
  readonly reportCount: number;
  readonly openReports: number;
  readonly decisions: readonly { readonly decisionId: string; readonly state: string }[];
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Each case and its timeline show what its stream says, as soon as they have it. */
export async function expectShownAsStored(
  url: string,
  history: readonly CaseOperation[],
  record: OnRecord,
  reportIds: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  const heard = heardOf(history);
  for (const [caseId, stream] of Object.entries(record.streams)) {
    const filed = reportIds.get(caseId)!;
    const state = caseOf(stream.map((step) => heard.get(keyOf(step))!.given));
    const shown = await until(`the view of case ${caseId} is at version ${stream.length}`, 30, async () => {
      const shows = await getJson<CaseShown & { version?: number }>(`${url}/v1/cases/${caseId}`);
      return streamVersionOf(shows.version!) >= stream.length && shows.reportCount === filed.length ? shows : undefined;
    });
    expect({
      claim: shown.claim?.by ?? null,
      held: shown.heldSince !== null,
      escalated: shown.escalated,
      openReports: shown.openReports,
      decisions: Object.fromEntries(shown.decisions.map((one) => [one.decisionId, one.state === 'in_effect'])),
    }).toEqual({
      claim: state.claimedBy,
      held: state.held,
      escalated: state.escalated,
      openReports: openReports(state, filed.length).length,
      decisions: Object.fromEntries(Object.entries(state.decisions).map(([id, { inEffect }]) => [id, inEffect])),
    });
    expectCovered(stream, (decisionId) => state.decisions[decisionId]!.reports.map((report) => filed[report]!));
    const ids = stream.map(({ id }) => id);
    const events = await until(`the timeline of case ${caseId} has its steps`, 30, async () => {
      const found = (await timelineOf(url, caseId)).filter(({ eventId }) => ids.includes(eventId));
      return found.length >= ids.length ? found : undefined;
    });
    expect(events.map(({ eventId }) => eventId)).toEqual(ids);
  }
}

/** A decision covers what its decider saw and nothing covered. */
function expectCovered(stream: readonly Envelope[], reportsOf: (decisionId: string) => readonly string[]): void {
  for (const { type, data } of stream) {
    if (type !== 'DecisionMade') continue;
    const { decisionId, reportIds } = data.decision;
    expect([decisionId, [...reportIds].sort()]).toEqual([decisionId, [...reportsOf(decisionId)].sort()]);
  }
}

async function timelineOf(url: string, caseId: string): Promise<readonly { readonly eventId: string }[]> {
  const items: { readonly eventId: string }[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const after = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: Page<{ readonly eventId: string }> = await getJson(`${url}/v1/cases/${caseId}/timeline?limit=200${after}`);
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
}
