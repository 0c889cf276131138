import type { CommandContext } from '@ringside/casework';
import type { JsonObject } from '@ringside/core';
import type { StreamCommand } from '@ringside/view-store';

import type { CommandOutcome, CommandRequest } from './aggregate.js';

/** What is kept with a command. */
export interface KeptCommand {
  readonly fingerprint: string;
  readonly answer: JsonObject;
  /** Of the case, after the command; absent where it is the stream's. */
  readonly caseVersion?: number;
}

/** What a command that comes again is answered, by what was kept of its first time. */
export function firstAnswer(
  { fingerprint }: CommandRequest<CommandContext>,
  { version, result }: StreamCommand,
): CommandOutcome {
  const kept = result as unknown as KeptCommand;
  if (kept.fingerprint !== fingerprint) return { outcome: 'id_reused' };
  return { outcome: 'done', version: kept.caseVersion ?? version, answer: kept.answer, repeated: true };
}
