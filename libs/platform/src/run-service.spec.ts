import { EventEmitter, once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { StartupError } from '@ringside/core';
import { runService, type Drivers } from './index.js';
import { notesService, stubs, until } from './service.fixture.js';

const ringFile = fileURLToPath(new URL('../../../ring.yaml', import.meta.url));

/** A process of which everything can be seen. `exited` resolves with the exit code. */
function fakeProcess(env: Record<string, string> = {}, ...args: string[]) {
  const written = { stdout: '', stderr: '' };
  const signals = new EventEmitter();
  let exit!: (code: number) => void;
  const exited = new Promise<number>((resolve) => (exit = resolve));
  const host = {
    argv: ['node', 'main.js', ...args],
    env: { RINGSIDE_PORT: '0', RINGSIDE_LOG_LEVEL: 'silent', ...env },
    stdout: { write: (text: string) => (written.stdout += text) },
    stderr: { write: (text: string) => (written.stderr += text) },
    exit: (code: number) => exit(code),
    on: (event: string, listener: () => void) => signals.on(event, listener),
  } as unknown as NonNullable<Parameters<typeof runService>[2]>;
  return { host, written, exited, signal: (name: string) => signals.emit(name, name) };
}

/** Drivers that write down what is opened and closed. */
function recordingDrivers(closing: () => Promise<void> = () => Promise.resolve()) {
  const steps: string[] = [];
  const { eventLog, viewStore } = stubs();
  const closes = (what: string) => async () => {
    await closing();
    steps.push(`closed ${what}`);
  };
  const drivers: Drivers = {
    eventLogSchemes: ['embedded', 'pulsar'],
    viewStoreSchemes: ['embedded'],
    openEventLog: (url, { dataDirectory }) => {
      steps.push(`opened log ${url} in ${dataDirectory}`);
      return Promise.resolve({ ...eventLog, close: closes('log') });
    },
    openViewStore: (url, { dataDirectory, name }) => {
      steps.push(`opened store ${url} in ${dataDirectory} for ${name}`);
      return Promise.resolve({ ...viewStore, close: closes('store') });
    },
  };
  return { steps, drivers };
}

describe('runService', () => {
  it('opens what is configured, and closes it in the other order on SIGTERM', async () => {
    const { host, written, exited, signal } = fakeProcess({ RINGSIDE_DATA: '/srv/ringside' });
    const { steps, drivers } = recordingDrivers();
    await runService(notesService, drivers, host);
    expect(steps).toEqual(['opened log embedded: in /srv/ringside', 'opened store embedded: in /srv/ringside for notes']);
    signal('SIGTERM');
    expect(await exited).toBe(0);
    expect(steps.slice(2)).toEqual(['closed store', 'closed log']);
    expect(written).toEqual({ stdout: '', stderr: '' });
  });

  it('tells the log what lies in its topics', async () => {
    const { host, exited, signal } = fakeProcess();
    const { drivers } = recordingDrivers();
    const told: string[] = [];
    const openEventLog: Drivers['openEventLog'] = (url, options) => {
      told.push(...options.schemasOf('reports').map(({ title }) => String(title)));
      return drivers.openEventLog(url, options);
    };
    await runService(notesService, { ...drivers, openEventLog }, host);
    expect(told).toContain('ReportFiled version 2');
    signal('SIGTERM');
    expect(await exited).toBe(0);
  });

  it("starts in a region of the ring's policy, and tells the log of its topics there", async () => {
    const { host, exited, signal } = fakeProcess({ RINGSIDE_RING: ringFile, RINGSIDE_REGION: 'us' });
    const { drivers } = recordingDrivers();
    const told: unknown[] = [];
    const openEventLog: Drivers['openEventLog'] = (url, options) => {
      const { region, held } = options.placement;
      told.push(
        region,
        held.flatMap(({ name, topic }) => (topic.topic === 'cases' ? [name] : [])),
      );
      told.push(options.schemasOf('cases.eu').some(({ title }) => title === 'CaseNoted version 1'));
      return drivers.openEventLog(url, options);
    };
    await runService(notesService, { ...drivers, openEventLog }, host);
    expect(told).toEqual(['us', ['cases.eu', 'cases.us', 'cases.ap'], true]);
    signal('SIGTERM');
    expect(await exited).toBe(0);
  });

  it.each([
    ['a region that the ring does not have', ringFile, 'moon', /RINGSIDE_REGION is "moon".*set it to one of eu, us, ap/],
    ['a file that is not there', `${ringFile}.none`, 'eu', /ring\.yaml\.none, which cannot be read \(ENOENT\)/],
    [
      'what is no policy: every fault with its place',
      fileURLToPath(import.meta.url),
      'eu',
      /not a valid policy:\n {2}\S+:\d+:\d+: /,
    ],
  ])('does not start in %s', async (_, ring, region, message) => {
    const { host, written, exited } = fakeProcess({ RINGSIDE_RING: ring, RINGSIDE_REGION: region });
    const { drivers, steps } = recordingDrivers();
    await runService(notesService, drivers, host);
    expect(await exited).toBe(1);
    expect(written.stderr).toMatch(message);
    expect(steps).toEqual([]);
  });

  it('says what a transport finds wrong with the log when it starts, and exits', async () => {
    const { host, written, exited } = fakeProcess();
    const { drivers, steps } = recordingDrivers();
    const refused = new StartupError('The events of topic "reports" do not fit.');
    const strategy = { listen: (callback: (error: unknown) => void) => callback(refused), close: () => undefined };
    const service = { ...notesService, microservices: () => [{ strategy }] };
    await runService(service, drivers, host);
    expect(await exited).toBe(1);
    expect(written.stderr).toBe('notes: The events of topic "reports" do not fit.\n');
    expect(steps.slice(2)).toEqual(['closed store', 'closed log']);
  });

  it('takes signals that follow at once for the same wish, and a later one for impatience', async () => {
    const { host, exited, signal } = fakeProcess();
    let closed!: () => void;
    const { drivers, steps } = recordingDrivers(() => new Promise((resolve) => (closed = resolve)));
    await runService(notesService, drivers, host);
    signal('SIGINT');
    signal('SIGTERM');
    await until(() => closed !== undefined);
    const first = performance.now();
    await until(() => performance.now() - first > 600);
    signal('SIGINT');
    expect(await exited).toBe(1);
    expect(steps).not.toContain('closed log');
  });

  it('waits for no client that never comes to the end of its body: all is closed in time', async () => {
    const { host, exited, signal } = fakeProcess({ RINGSIDE_DRAIN_MS: '2000' });
    const { drivers, steps } = recordingDrivers();
    let server: Server | undefined;
    const microservices = (app: INestApplication) => ((server = app.getHttpServer() as Server), []);
    await runService({ ...notesService, microservices }, drivers, host);
    const client = connect((server!.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
    const requested = once(server!, 'request');
    client.write('POST /v1/notes HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 9999\r\n\r\n');
    const trickle = setInterval(() => client.write(' '), 50);
    try {
      await requested;
      signal('SIGTERM');
      expect(await exited).toBe(0);
      expect(steps.slice(2)).toEqual(['closed store', 'closed log']);
    } finally {
      clearInterval(trickle);
      client.destroy();
    }
  });

  it('gives up on what does not drain in time', async () => {
    const { host, exited, signal } = fakeProcess({ RINGSIDE_DRAIN_MS: '50' });
    await runService(notesService, recordingDrivers(() => new Promise(() => undefined)).drivers, host);
    signal('SIGTERM');
    expect(await exited).toBe(1);
  });

  it('says in one sentence what keeps it from starting, and closes what was open', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await until(() => other.listening);
    const { port } = other.address() as AddressInfo;
    try {
      const { host, written, exited } = fakeProcess({ RINGSIDE_PORT: String(port) });
      const { steps, drivers } = recordingDrivers();
      await runService(notesService, drivers, host);
      expect(await exited).toBe(1);
      expect(written.stderr).toMatch(new RegExp(`^notes: Port ${port} on 127\\.0\\.0\\.1 is in use: [^\\n]+\\.\\n$`));
      expect(steps.slice(2)).toEqual(['closed store', 'closed log']);
    } finally {
      other.close();
    }
  });

  it.each([
    [
      'a driver that cannot open',
      {},
      new StartupError('The directory is not one of Ringside.'),
      'The directory is not one of Ringside.',
    ],
    ['an error of another kind', {}, new Error('EIO: i/o error\n    at somewhere'), 'could not start: EIO: i/o error'],
    [
      'a wrong setting',
      { RINGSIDE_PORT: 'x' },
      new Error('not reached'),
      'The configuration is not valid: RINGSIDE_PORT must be',
    ],
    [
      'drivers that do not exist, together with other wrong settings',
      {
        RINGSIDE_PORT: '3000',
        RINGSIDE_EVENT_LOG: 'kafka://a',
        RINGSIDE_VIEW_STORE: 'pulsar://user:password@a',
        RINGSIDE_REGION: '?',
      },
      new Error('not reached'),
      'The configuration is not valid: RINGSIDE_EVENT_LOG must begin with one of embedded:, pulsar: (it is "kafka:..."); ' +
        'RINGSIDE_VIEW_STORE must begin with one of embedded: (it is "pulsar:..."); RINGSIDE_REGION must be',
    ],
  ])('has no stack trace for %s', async (_what, env, error, sentence) => {
    const { host, written, exited } = fakeProcess(env);
    const { drivers } = recordingDrivers();
    await runService(notesService, { ...drivers, openEventLog: () => Promise.reject(error) }, host);
    expect(await exited).toBe(1);
    expect(written.stderr).toContain(`notes: ${sentence}`);
    expect(written.stderr.split('\n')).toHaveLength(2);
    expect(written.stdout).toBe('');
  });

  it('prints its settings and its version without starting', async () => {
    const help = fakeProcess({}, '--help');
    const { steps, drivers } = recordingDrivers();
    await runService(notesService, drivers, help.host);
    expect(help.written.stdout).toMatch(/^notes 1\.2\.3: A service for the specs/);
    expect(help.written.stdout).toMatch(/RINGSIDE_EVENT_LOG +event log: .*\[embedded:\]/);
    const version = fakeProcess({}, '--version');
    await runService(notesService, drivers, version.host);
    expect(version.written.stdout).toBe('notes 1.2.3\n');
    const unknown = fakeProcess({}, '--port=1');
    await runService(notesService, drivers, unknown.host);
    expect(await unknown.exited).toBe(1);
    expect(unknown.written.stderr).toBe('notes: "--port=1" is not an option: see --help.\n');
    expect(steps).toEqual([]);
  });
});
