import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ownSettingsAside } from '@ringside/service-processes';

/** An event as it is stored, in a stream or on the log. */
export interface Envelope {
  readonly id: string;
  readonly type: string;
  readonly causationId: string;
  readonly data: {
    readonly caseId: string;
    readonly caseVersion: number;
    readonly by: string;
    readonly sanctionId: string;
    readonly decisionId: string;
    readonly decision: {
      readonly decisionId: string;
      readonly reportIds: readonly string[];
      readonly sanctions: readonly { readonly sanctionId: string }[];
    };
  };
}

/** All that is stored of some cases, and all that is published. Events of the log in its order, case by case. */
export interface OnRecord {
  readonly streams: Readonly<Record<string, readonly Envelope[]>>;
  readonly cases: readonly Envelope[];
  readonly reports: readonly Envelope[];
  readonly sanctions: readonly Envelope[];
}

export interface RecordPlace {
  readonly data: string;
  readonly service: string;
  readonly caseIds: readonly string[];
  /** Of the services: it says which log and store, where these are not those in the data directory. */
  readonly env?: NodeJS.ProcessEnv;
}

const reader = fileURLToPath(new URL('../dist/read-casework.js', import.meta.url));

/** Reads it in a process of its own, beside the services that may be writing. Throws where it cannot be read. */
export async function readRecord({ data, service, caseIds, env = {} }: RecordPlace): Promise<OnRecord> {
  const child = spawn(process.execPath, [reader, data, service, ...caseIds], {
    env: { ...ownSettingsAside(process.env), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`What is on record could not be read (${code}): ${errors}`);
  return JSON.parse(output) as OnRecord;
}

export const stepsOf = ({ streams }: OnRecord): readonly Envelope[] => Object.values(streams).flat();

/** The key of the command that a step came of. */
export const keyOf = ({ causationId }: Envelope): string => causationId.replace(/^key\//, '');

/** What a consumer of the topic `cases` takes of each case, if it drops what it has, and what it could not have taken. */
export function consumed({ cases }: OnRecord) {
  const streams: Record<string, Envelope[]> = {};
  const gaps: string[] = [];
  let repeated = 0;
  for (const event of cases) {
    const { caseId, caseVersion } = event.data;
    const taken = (streams[caseId] ??= []);
    if (caseVersion === taken.length + 1) taken.push(event);
    else if (caseVersion > taken.length) gaps.push(`${caseId}: ${caseVersion} after ${taken.length}`);
    else if (taken[caseVersion - 1]!.id === event.id) repeated++;
    else gaps.push(`${caseId}: another ${caseVersion}`);
  }
  return { streams, gaps, repeated };
}

/** What must be on the other topics for the steps that are stored, and what is there, each id once. */
export function consequences(record: OnRecord) {
  const once = (events: readonly Envelope[]): Envelope[] => [...new Map(events.map((event) => [event.id, event])).values()];
  const progress = once(record.reports.filter(({ type }) => type === 'CaseProgressed'));
  const imposed = new Map(
    stepsOf(record).flatMap(({ type, data: { decision } }) =>
      type === 'DecisionMade' ? [[decision.decisionId, decision.sanctions.map(({ sanctionId }) => sanctionId)] as const] : [],
    ),
  );
  const reversed = stepsOf(record).flatMap(({ type, data }) =>
    type === 'DecisionReverted' ? imposed.get(data.decisionId)! : [],
  );
  return {
    expected: {
      progressOf: stepsOf(record)
        .map(({ id }) => id)
        .sort(),
      sanctions: [
        ...[...imposed.values()].flat().map((id) => `SanctionImposed ${id}`),
        ...reversed.map((id) => `SanctionReversed ${id}`),
      ].sort(),
    },
    published: {
      progressOf: progress.map(({ causationId }) => causationId).sort(),
      sanctions: once(record.sanctions)
        .map(({ type, data }) => `${type} ${data.sanctionId}`)
        .sort(),
    },
  };
}
