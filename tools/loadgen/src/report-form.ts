import type { ReportReason } from '@ringside/events';

export interface ChatLine {
  readonly at: string;
  readonly playerId: string;
  readonly text: string;
}

/** The body of `POST /v1/reports`, as a client of the HTTP surface knows it. */
export interface ReportForm {
  readonly game: string;
  readonly reporterId: string;
  readonly subjectId: string;
  readonly reason: ReportReason;
  readonly matchId?: string;
  readonly description?: string;
  readonly occurredAt?: string;
  readonly evidence?: {
    readonly chat?: readonly ChatLine[];
    readonly replayUrl?: string;
    readonly clientBuild?: string;
    readonly telemetry?: Readonly<Record<string, number | string>>;
  };
}
