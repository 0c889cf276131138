import type { Outcome } from './judge.js';
import type { Target } from './services.js';

/** A way to do harm over a socket. */
export interface Attack {
  readonly group: 'slow' | 'connections' | 'limits' | 'bodies' | 'addresses' | 'headers' | 'protocol' | 'shutdown';
  readonly name: string;
  /** What is sent, for the table. */
  readonly sent: string;
  run(at: Battlefield): Promise<Outcome>;
}

export interface Battlefield {
  /** report-intake. */
  readonly intake: Target;
  /** One team's service. */
  readonly team: Target;
  /** A token for the team's service. */
  readonly token: string;
  /** In what is sent: it must not show up in any log. */
  readonly canary: string;
}
