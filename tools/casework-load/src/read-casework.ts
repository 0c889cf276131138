// A process of its own that prints what is stored and what is published of some cases of a team, as one JSON document:
//   node read-casework.js <data directory> <service> <caseId>...
// Log and store are those of the services: RINGSIDE_EVENT_LOG and RINGSIDE_VIEW_STORE, or the ones in the data directory.
import { openEventLog, openViewStore } from '@ringside/drivers';
import { casesTopic, reportsTopic, sanctionsTopic, type Topic } from '@ringside/events';

const [dataDirectory = '', name = '', ...caseIds] = process.argv.slice(2);
const log = await openEventLog(process.env['RINGSIDE_EVENT_LOG'] ?? 'embedded:', { dataDirectory });
const store = await openViewStore(process.env['RINGSIDE_VIEW_STORE'] ?? 'embedded:', { dataDirectory, name });

/** Envelopes as they are stored, not as the contract reads them. */
type Envelope = Readonly<Record<string, unknown>>;

async function streamOf(caseId: string): Promise<readonly Envelope[]> {
  const events: Envelope[] = [];
  for (;;) {
    const page = await store.readStream(`case-${caseId}`, events.length);
    if (page.length === 0) return events;
    events.push(...page.map(({ data }) => data));
  }
}

const asked = new Set(caseIds);
const isOfCase = ({ data }: Envelope): boolean => asked.has((data as { caseId?: string }).caseId ?? '');

/** What is about these cases, partition after partition, each in the order of the log. */
async function publishedOn({ topic, partitions }: Topic): Promise<readonly Envelope[]> {
  const events: Envelope[] = [];
  for (let partition = 0; partition < partitions; partition++) {
    for await (const { bytes } of log.read({ topic, partition })) {
      const event = JSON.parse(Buffer.from(bytes).toString('utf8')) as Envelope;
      if (isOfCase(event)) events.push(event);
    }
  }
  return events;
}

// The log first: what it has must be in the streams, whatever is stored meanwhile.
const [cases, reports, sanctions] = await Promise.all([casesTopic, reportsTopic, sanctionsTopic].map(publishedOn));
const streams = await Promise.all(caseIds.map(async (caseId) => [caseId, await streamOf(caseId)] as const));
process.stdout.write(JSON.stringify({ streams: Object.fromEntries(streams), cases, reports, sanctions }));
await Promise.all([log.close(), store.close()]);
