import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { StartupError } from '@ringside/core';
import { listenOnLoopback, namesLoopback, readBody, saysJson, sendJson } from '@ringside/loopback-server';

/** A region that runs here, or did. */
export interface RegionSwitch {
  readonly region: string;
  /** Which of its services run. */
  running(): readonly string[];
  /** Ends all of its processes at once, and cuts its links first. What it has stays where it is. */
  lose(): Promise<void>;
  /** Heals its links, and starts those of its services that do not run. Throws `StartupError` where one does not start. */
  start(how: StartAgain): Promise<void>;
}

export interface StartAgain {
  /** This service and no other. */
  readonly only?: string;
  /** With nothing of what it had, which is put aside. */
  readonly empty?: boolean;
}

/** Of the control API, after the base. */
export const controlPortOffset = 7;
const bodyBytesMax = 1_024;

/**
 * Lets regions be lost and started again by people and tests of this machine: it asks nobody who they are, so it listens on the
 * loopback interface alone. Throws `StartupError` where the port is in use.
 */
export async function serveRegions(switches: readonly RegionSwitch[], port: number): Promise<{ close(): Promise<void> }> {
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  };
  const server = createServer(
    (request, response) =>
      void answer(switches, request, inTurn).then(
        ({ status, body }) => sendJson(response, status, body),
        (error: unknown) => failed(response, error),
      ),
  );
  try {
    return await listenOnLoopback(server, port);
  } catch (error) {
    throw new StartupError(`Port ${port}, for the regions, cannot be used (${(error as Error).message}).`, { cause: error });
  }
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

function failed(response: ServerResponse, error: unknown): void {
  const detail = error instanceof StartupError ? error.message : String(error);
  sendJson(response, 500, { detail });
}

async function answer(
  switches: readonly RegionSwitch[],
  request: IncomingMessage,
  inTurn: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<Answer> {
  const refuse = (status: number, detail: string): Answer => ({ status, body: { detail } });
  if (!namesLoopback(request)) return refuse(421, 'Ask 127.0.0.1.');
  const shown = (): Answer => ({
    status: 200,
    body: { regions: switches.map((one) => ({ region: one.region, running: one.running() })) },
  });
  if (request.method === 'GET' && request.url === '/regions') return shown();
  const [, name, wish] = /^\/regions\/([a-z0-9-]+)\/(lose|start)$/.exec(request.url ?? '') ?? [];
  if (request.method !== 'POST' || name === undefined) {
    return refuse(404, 'There are GET /regions, POST /regions/{name}/lose and POST /regions/{name}/start.');
  }
  const found = switches.find(({ region }) => region === name);
  if (found === undefined) {
    return refuse(404, `No region "${name}" runs here. There are: ${switches.map(({ region }) => region).join(', ')}.`);
  }
  if (!saysJson(request)) return refuse(415, 'Send JSON.');
  const how = startOf((await readBody(request, bodyBytesMax)) ?? '');
  if (how === undefined) return refuse(400, 'Send {"only": a service, "empty": true or false}, each of them or none.');
  if (how.empty && found.running().length > 0) return refuse(409, `${name} runs: it has to be lost before it starts empty.`);
  await inTurn(() => (wish === 'lose' ? found.lose() : found.start(how)));
  return shown();
}

function startOf(text: string): StartAgain | undefined {
  try {
    const { only, empty, ...others } = JSON.parse(text) as Record<string, unknown>;
    if (Object.keys(others).length > 0) return undefined;
    if (only !== undefined && typeof only !== 'string') return undefined;
    if (empty !== undefined && typeof empty !== 'boolean') return undefined;
    return { ...(only !== undefined && { only }), ...(empty !== undefined && { empty }) };
  } catch {
    return undefined;
  }
}
