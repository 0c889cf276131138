import type { Issuer } from '@ringside/issuer';
import type { Service } from '@ringside/service-processes';

export interface Surroundings {
  /** Of the workspace. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly print: (line: string) => void;
  /** Ends everything. */
  readonly signal: AbortSignal;
  /** Ends everything at once. */
  readonly killSignal: AbortSignal;
}

export interface Prepared {
  readonly services: readonly Service[];
  /** Where their logs go. */
  readonly logs: string;
  /** Undefined where the environment names one. */
  readonly issuer: Issuer | undefined;
}
