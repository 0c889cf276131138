import { describe, expect, it } from '@jest/globals';
import { Controller, Inject, Module, Param, Post } from '@nestjs/common';
import { placementOf, type RingPolicy } from '@ringside/data-ring';
import type { EventLog, NewRecord } from '@ringside/event-log';

import { pino } from 'pino';
import { EVENT_LOG, guardedEventLog, startService, ZoneViolationError } from './index.js';
import { notesService, send, stubs } from './service.fixture.js';

const retention = { hours: null, lagHoursMax: 336, offloadBytes: null };
const common = { purpose: 'For a spec.', legalGround: 'None.', retention };
const region = (successors: readonly string[]) => ({ label: 'Somewhere', jurisdiction: 'Some law', successors });

const policy: RingPolicy = {
  tenant: 'ringside',
  regions: { eu: region(['us']), us: region(['eu']), ap: region([]) },
  zones: {
    global: { kind: 'global', ...common },
    casework: { kind: 'cross-region', ...common, routes: { eu: ['us'], us: ['eu'], ap: ['us'] } },
    evidence: { kind: 'regional', ...common },
  },
  topics: { reports: { zone: 'global' }, cases: { zone: 'casework' }, 'report-evidence': { zone: 'evidence' } },
  views: {},
  services: {
    notes: { produce: ['global', 'casework'], consume: ['global', 'casework'] },
    'report-intake': { produce: ['global', 'evidence'], consume: ['global'] },
  },
  homes: { rules: [], otherwise: 'hash' },
  digest: '',
};

const recordOn = (topic: string): NewRecord => ({ topic, key: 'k', id: 'i', bytes: Buffer.from('{}') });

/** A log that writes down what reaches it. */
function recordingLog() {
  const reached: string[] = [];
  const log = {
    ...stubs().eventLog,
    append: (records: readonly NewRecord[]) => {
      reached.push(...records.map(({ topic }) => `append ${topic}`));
      return Promise.resolve([]);
    },
    subscribe: ({ topic }: { topic: string }) => Promise.resolve(reached.push(`subscribe ${topic}`)),
    createTopic: (topic: string) => Promise.resolve(void reached.push(`create ${topic}`)),
    read: ({ topic }: { topic: string }) => {
      reached.push(`read ${topic}`);
      return [];
    },
  } as unknown as EventLog;
  return { log, reached };
}

@Controller('v1/tell')
class TellingController {
  constructor(@Inject(EVENT_LOG) private readonly log: EventLog) {}

  @Post(':topic')
  async tell(@Param('topic') topic: string): Promise<void> {
    await this.log.append([recordOn(topic)]);
  }
}

@Module({ controllers: [TellingController] })
class TellingModule {}

const telling = { ...notesService, module: () => TellingModule };

const subscribing = (topic: string) => ({ topic, subscription: 's', consumer: 'c', start: { at: 'earliest' } as const });

describe('a guarded log', () => {
  it('lets through what the policy gives to the service, in its region', async () => {
    const { log, reached } = recordingLog();
    const guarded = guardedEventLog(log, placementOf(policy, 'us'), { service: 'notes' });
    await guarded.createTopic('cases.ap', { partitions: 1 });
    await guarded.append([recordOn('reports'), recordOn('cases.us'), recordOn('cases.eu')]);
    await guarded.subscribe(subscribing('cases.ap'));
    guarded.read({ topic: 'cases.eu', partition: 0 });
    expect(reached).toEqual([
      ...['create cases.ap', 'append reports', 'append cases.us', 'append cases.eu'],
      ...['subscribe cases.ap', 'read cases.eu'],
    ]);
  });

  it.each([
    ['a topic that is not in the region', 'ap', 'notes', 'cases.eu', 'not_in_this_region'],
    ['a topic of an origin that the region does not stand in for', 'us', 'notes', 'cases.ap', 'not_by_this_region'],
    ['a zone in which the service has nothing to say', 'us', 'notes', 'report-evidence', 'not_by_this_service'],
    ['a service that the policy does not name', 'us', 'stranger', 'reports', 'not_by_this_service'],
    ['a topic that the policy does not have', 'us', 'notes', 'rumours', 'unknown_topic'],
    ['the plain name of a topic that each region has its own of', 'us', 'notes', 'cases', 'unknown_topic'],
  ] as const)('sends nothing to %s', async (_, where, service, topic, rule) => {
    const { log, reached } = recordingLog();
    const guarded = guardedEventLog(log, placementOf(policy, where), { service });
    const appended = guarded.append([recordOn('reports'), recordOn(topic)]);
    await expect(appended).rejects.toMatchObject({ code: 'zone_violation', violation: { rule, region: where, service } });
    expect(reached).toEqual([]);
  });

  it('reads nothing of a zone that the service may not consume, and makes no topic that is not of the region', async () => {
    const { log, reached } = recordingLog();
    const guarded = guardedEventLog(log, placementOf(policy, 'eu'), { service: 'report-intake' });
    await expect(guarded.subscribe(subscribing('report-evidence'))).rejects.toThrow(ZoneViolationError);
    expect(() => guarded.read({ topic: 'cases.eu', partition: 0 })).toThrow(
      'report-intake may not consume from the zone casework',
    );
    await expect(guarded.createTopic('cases.ap', { partitions: 8 })).rejects.toThrow('no topic of the log in eu');
    await expect(guarded.heads('cases.ap')).rejects.toThrow('no topic of the log in eu');
    await expect(guarded.backlog('cases.ap', 's')).rejects.toThrow('no topic of the log in eu');
    await expect(guarded.resetCursor('report-evidence', 's', { at: 'earliest' })).rejects.toThrow(ZoneViolationError);
    expect(reached).toEqual([]);
  });

  it('is a fault of the service that hits one request: 500 without a word of it, counted, and logged with topic and zone', async () => {
    const { log, reached } = recordingLog();
    const lines: object[] = [];
    const logger = pino({ level: 'error' }, { write: (line) => void lines.push(JSON.parse(line) as object) });
    const { viewStore } = stubs();
    const placement = placementOf(policy, 'eu');
    const service = await startService(telling, { eventLog: log, viewStore, placement, logger, config: { region: 'eu' } });
    try {
      const { status, body } = await send(service, '/v1/tell/report-evidence', { method: 'POST' });
      expect([status, body]).toEqual([500, expect.objectContaining({ type: 'urn:ringside:problem:internal' })]);
      expect(JSON.stringify(body)).not.toContain('evidence');
      expect(reached).toEqual([]);
      const violation = { topic: 'report-evidence', zone: 'evidence', service: 'notes', rule: 'not_by_this_service' };
      expect(lines[0]).toMatchObject(violation);
      const { body: metrics } = await send(service, '/metrics');
      const labels = 'call="append",topic="report-evidence",rule="not_by_this_service"';
      expect(metrics).toContain(`ringside_zone_violations_total{${labels}} 1`);
      expect((await send(service, '/v1/tell/reports', { method: 'POST' })).status).toBe(201);
      expect(reached).toEqual(['append reports']);
    } finally {
      await service.close();
    }
  });
});
