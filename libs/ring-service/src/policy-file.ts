import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Logger } from '@ringside/platform';

export interface PolicyFileOptions {
  /** As `RINGSIDE_RING` has it. */
  readonly path: string;
  /** Of the policy that this process goes by. */
  readonly digest: string;
  readonly logger: Logger;
}

/** The file that the policy was read from, once. Whoever changes it has to start the services again, and may have forgotten. */
export class PolicyFile {
  private told: string | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** `options` undefined: without a ring there is none. */
  constructor(private readonly options: PolicyFileOptions | undefined) {}

  /** 0: never, as for the comparison with peers. */
  start(everyMs: number): void {
    if (this.options !== undefined && everyMs > 0) this.timer = setInterval(() => void this.check(), everyMs).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Says once of each other content of the file that this process does not go by it. */
  async check(): Promise<void> {
    if (this.options === undefined) return;
    const { path, digest, logger } = this.options;
    // A file that is away is about to be replaced, or its disk has a fault: nothing is known of a change.
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined) return;
    const now = createHash('sha256').update(text).digest('hex');
    if (now === digest) this.told = undefined;
    if (now === digest || now === this.told) return;
    this.told = now;
    logger.warn({ file: path, policy: digest, changedTo: now }, "the ring's policy has changed since this process started");
  }
}
