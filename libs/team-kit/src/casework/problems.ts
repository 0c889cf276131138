import { versionOf, type Refusal } from '@ringside/casework';
import { ProblemException, problems, type ProblemKind } from '@ringside/platform';

import type { CommandOutcome } from '../commands/aggregate.js';

const kind = (status: number, code: string, title: string): ProblemKind => ({ status, code, title });

/** What a command may be refused with, beside the problems of every route. */
export const commandProblems = {
  wrongState: kind(409, 'wrong_state', 'The state of the case forbids this'),
  keyReused: kind(409, 'idempotency_key_reused', 'The Idempotency-Key was used for another command'),
  stale: kind(412, 'stale_version', 'The case has changed meanwhile'),
} as const satisfies Record<string, ProblemKind>;

const kindsOfRefusals: Readonly<Record<Refusal['code'], ProblemKind>> = {
  wrong_state: commandProblems.wrongState,
  forbidden: problems.forbidden,
  invalid: problems.unprocessable,
  not_found: problems.notFound,
};

/** The refusal of a decider as a client sees it. */
export function problemOfRefusal({ code, detail, pointer, faults }: Refusal): ProblemException {
  const errors = faults ?? (pointer === undefined ? undefined : [{ pointer, detail }]);
  return new ProblemException(kindsOfRefusals[code], detail, errors === undefined ? {} : { errors });
}

/** `version`: of the case now. */
export const problemOfStale = (version: number): ProblemException =>
  new ProblemException(commandProblems.stale, 'Somebody was faster: read the case again, and decide on what it says now.', {
    headers: { etag: `"${version}"` },
    extensions: { version },
  });

/** Why a command was not taken; undefined where it was. `revision`: what the handler had read of the reports. */
export function problemOfOutcome(outcome: CommandOutcome, revision: number): ProblemException | undefined {
  switch (outcome.outcome) {
    case 'done':
      return undefined;
    case 'refused':
      return problemOfRefusal(outcome.refusal);
    case 'stale':
      return problemOfStale(versionOf({ streamVersion: outcome.version, revision }));
    case 'incomplete':
      return notAllHere(outcome.detail);
    case 'id_reused':
      return new ProblemException(commandProblems.keyReused, 'Give each command an Idempotency-Key of its own, or none.');
  }
}

/** A new term cannot begin yet. `detail`: what is missing. */
export const notAllHere = (detail: string): ProblemException =>
  new ProblemException(
    problems.unavailable,
    `Nobody can go on with the case here before its earlier steps have come from the region that worked it, with what followed from them, unless a lead says so (go-on). ${detail}`,
    { headers: { 'retry-after': '5' } },
  );

/** `homeRegion`: the one that works it, which is another than the case's own where one was promoted in its place. */
export const elsewhere = (homeRegion: string): ProblemException =>
  new ProblemException(
    problems.misdirected,
    `Commands on this case run in the region that works it, ${homeRegion}: read the case there, and send it there.`,
    {
      extensions: { homeRegion },
    },
  );

/** A step of a later term has come, and the promotion that began it has not. */
export const servedByOthers = (): ProblemException =>
  new ProblemException(problems.unavailable, 'Another region has gone on with the case, and this one has yet to hear which.', {
    headers: { 'retry-after': '1' },
  });

export const noSuchCase = (): ProblemException => new ProblemException(problems.notFound, 'This team has no such case.');
