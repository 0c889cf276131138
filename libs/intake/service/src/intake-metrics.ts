import { Counter, type Registry } from 'prom-client';

export interface IntakeMetrics {
  /** A report is on the log. */
  received(reason: string): void;
  /** A form was turned away, with the code of its problem. */
  refused(code: string): void;
}

export function intakeMetrics(registry: Registry): IntakeMetrics {
  const received = new Counter({
    name: 'ringside_reports_received_total',
    help: 'Reports that are durable on the event log, by reason.',
    labelNames: ['reason'],
    registers: [registry],
  });
  const refused = new Counter({
    name: 'ringside_reports_refused_total',
    help: 'Reports that were turned away, by the code of the problem.',
    labelNames: ['code'],
    registers: [registry],
  });
  // The library hashes its labels for each count; a label's own counter is found once.
  const byReason = new Map<string, { inc(): void }>();
  const receivedFor = (reason: string): { inc(): void } => {
    let counter = byReason.get(reason);
    if (counter === undefined) byReason.set(reason, (counter = received.labels(reason)));
    return counter;
  };
  return { received: (reason) => receivedFor(reason).inc(), refused: (code) => refused.inc({ code }) };
}
