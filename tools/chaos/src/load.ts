import {
  arrivals,
  createIntakeClient,
  drive,
  generateReports,
  sentReport,
  type GeneratedReport,
  type SentReport,
} from '@ringside/loadgen';

/** Reports that go on coming, whatever happens to the services. */
export interface Load {
  /** How many have got their 202 by now. */
  accepted(): number;
  /** Ends it once every report that was sent has its answer, or nobody will ever know; resolves with all of them. */
  stop(): Promise<readonly SentReport[]>;
}

export interface LoadOptions {
  readonly url: string;
  readonly seed: string;
  readonly perSecond: number;
  /** How long one report is tried, in ms. */
  readonly deadlineMs: number;
}

const connections = 16;

/** Files reports at random moments. Each is tried again under its key until it is accepted. */
export function startLoad({ url, seed, perSecond, deadlineMs }: LoadOptions): Load {
  const over = new AbortController();
  const never = new AbortController();
  const intake = createIntakeClient({ url, connections, idempotency: true, deadlineMs, signal: never.signal });
  const sent: SentReport[] = [];
  let accepted = 0;
  const reports = generateReports({ seed, run: `chaos-${seed}`, startedAt: Date.now() });
  const pace = { arrivals: arrivals({ seed, perSecond, burstSeconds: 0 }), connections, signal: over.signal };
  const driving = drive<GeneratedReport>(reports, pace, async (report) => {
    const [outcome] = await intake.submit([report]);
    sent.push(sentReport(report, outcome!));
    if (outcome!.kind === 'accepted') accepted++;
  });
  return {
    accepted: () => accepted,
    async stop() {
      over.abort();
      await driving;
      await intake.close();
      return sent;
    },
  };
}
