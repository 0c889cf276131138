import { openServiceLog, Supervisor, type Service } from '@ringside/service-processes';
import { eventLine, type RunningService } from './print.js';

/** A process that is kept running. */
export interface Member {
  /** As it is called in what is printed. */
  readonly name: string;
  readonly service: Service;
  readonly url: string;
  readonly supervisor: Supervisor;
  readonly close: () => Promise<void>;
}

export interface MemberOptions {
  readonly name: string;
  readonly service: Service;
  readonly url: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  readonly verbose: boolean;
  readonly print: (line: string) => void;
  /** Called when it has died too often and is not started again. */
  readonly onGivenUp: () => void;
}

export function openMember({ name, service, url, env, logFile, verbose, print, onGivenUp }: MemberOptions): Member {
  const log = openServiceLog({ name, file: logFile, verbose, print });
  const supervisor = new Supervisor({ service, url, env, log }, (event) => {
    if (event.kind === 'given-up') onGivenUp();
    print(eventLine(name, event));
  });
  return { name, service, url, supervisor, close: () => log.close() };
}

export async function stopMembers(members: readonly Member[]): Promise<void> {
  await Promise.all(members.map(({ supervisor }) => supervisor.stop()));
  await Promise.all(members.map(({ close }) => close()));
}

export const startMembers = async (members: readonly Member[]): Promise<void> =>
  void (await Promise.all(members.map(({ supervisor }) => supervisor.start())));

/** What it serves is asked of its own documentation, so that no list of teams is kept here. */
export async function describeMember({ service, url, supervisor }: Member): Promise<RunningService> {
  const paths = await fetch(`${url}/docs/openapi.json`)
    .then(async (response) => ((await response.json()) as { paths: object }).paths)
    .catch(() => ({}));
  const { name } = service;
  return { name, url, pid: supervisor.pid, hasCases: '/v1/cases' in paths, takesReports: '/v1/reports' in paths };
}
