import type { ReportFiled } from '@ringside/events';
import { Queue, Worker, type Job } from 'bullmq';
import { Redis } from 'ioredis';

import { viewOfRows, type FigureRow } from '../../../dist/peers/subject-figures.js';
import type { PeerStore, StoreOptions } from '../store.js';

const queueName = 'reports';
const jobOptions = { removeOnComplete: true, removeOnFail: 1_000 };
/** Jobs that one worker has under way at once; they wait for Redis, not for a processor. */
const concurrency = 100;

const figuresKey = (subjectId: string): string => `subject:${subjectId}`;

/** One round trip for each report: the times are those of the report, which come in order for each subject. */
const addReport = `
  redis.call('HINCRBY', KEYS[1], ARGV[1] .. '|reports', 1)
  local first = redis.call('HGET', KEYS[1], ARGV[1] .. '|first')
  if not first or ARGV[2] < first then redis.call('HSET', KEYS[1], ARGV[1] .. '|first', ARGV[2]) end
  local last = redis.call('HGET', KEYS[1], ARGV[1] .. '|last')
  if not last or ARGV[2] > last then redis.call('HSET', KEYS[1], ARGV[1] .. '|last', ARGV[2]) end
`;

interface Cases extends Redis {
  addReport(key: string, reason: string, filedAt: string): Promise<unknown>;
}

export async function openBullMq({ url }: StoreOptions): Promise<PeerStore> {
  const { hostname: host, port } = new URL(url);
  const connection = { host, port: Number(port), maxRetriesPerRequest: null };
  const cases = new Redis({ ...connection, enableAutoPipelining: true }) as Cases;
  cases.defineCommand('addReport', { numberOfKeys: 1, lua: addReport });
  const queue = new Queue<ReportFiled>(queueName, { connection });
  await queue.waitUntilReady();

  const update = async ({ data: { data } }: Job<ReportFiled>): Promise<void> => {
    await cases.addReport(figuresKey(data.subjectId), data.reason, data.filedAt);
  };

  return {
    append: (report) => queue.add('ReportFiled', report, { ...jobOptions, jobId: report.data.reportId }),
    async fill(reports) {
      for (let i = 0; i < reports.length; i += 1_000) {
        const some = reports.slice(i, i + 1_000);
        await queue.addBulk(
          some.map((data) => ({ name: 'ReportFiled', data, opts: { ...jobOptions, jobId: data.data.reportId } })),
        );
      }
    },
    count: () => queue.getWaitingCount(),
    projecting: {
      async project({ reports, warmUp, isWarm }) {
        const worker = new Worker<ReportFiled>(queueName, update, { connection, concurrency });
        let done = 0;
        await new Promise<void>((resolve, reject) => {
          worker.on('completed', () => {
            done += 1;
            if (done === warmUp) isWarm();
            if (done === reports) resolve();
          });
          worker.on('failed', (_, error) => reject(error));
          worker.on('error', reject);
        });
        await worker.close();
      },
      async view() {
        const rows: FigureRow[] = [];
        for (const key of await cases.keys(figuresKey('*'))) rows.push(...figuresIn(key, await cases.hgetall(key)));
        return viewOfRows(rows);
      },
    },
    async close() {
      await queue.close();
      cases.disconnect();
    },
  };
}

function figuresIn(key: string, hash: Readonly<Record<string, string>>): readonly FigureRow[] {
  const reasons = new Set(Object.keys(hash).map((field) => field.split('|')[0]!));
  return [...reasons].map((reason) => ({
    subjectId: key.slice(figuresKey('').length),
    reason,
    reports: Number(hash[`${reason}|reports`]),
    firstAt: hash[`${reason}|first`]!,
    lastAt: hash[`${reason}|last`]!,
  }));
}
