import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import {
  partsOf,
  roles,
  versionOf,
  withoutCovered,
  type Actor,
  type CaseBackground,
  type CaseFile,
  type CaseWork,
  type CommandContext,
  type LifecycleCommand,
} from '@ringside/casework';
import { isoTime, uuidv7, type Clock, type JsonObject } from '@ringside/core';
import { CLOCK, ProblemException, problems, SERVICE_CONFIG, type Identity, type ServiceConfig } from '@ringside/platform';

import { awaitVersion } from '../await-version.js';
import { backgroundOf } from '../case-background.js';
import { caseById } from '../case-queries.js';
import { Commands } from '../commands/commands.js';
import { SubscriberRuntime } from '../runtime.js';
import { CaseReader } from './case-reader.js';
import { elsewhere, noSuchCase, problemOfOutcome, problemOfRefusal, problemOfStale, servedByOthers } from './problems.js';
import type { Sender } from './sender.js';
import { servedIn, servingOfCase, type CaseServed } from './serving.js';

/** What a command says, without who, when and on what grounds. Each kind's fields in one order: they are its fingerprint. */
export type CommandContent = { readonly kind: string } & Readonly<Record<string, unknown>>;

export interface GivenCommand {
  readonly caseId: string;
  readonly sender: Sender;
  readonly command: CommandContent;
  /**
   * What a team's decider needs besides, read from its views. Not what was asked for, and so no part of the fingerprint: sent again,
   * a command is the same although the views have gone on.
   */
  readonly find?: (background: CaseBackground) => Promise<Readonly<Record<string, unknown>>>;
  /** The case goes on without steps that another region took and that never came here. */
  readonly withoutMissing?: true;
}

/** What a command is answered: the version that it led to, and what the team's aggregate has to say. */
export type CommandAnswer = JsonObject & { readonly version: number };

export interface CommandOnBehalf {
  readonly caseId: string;
  readonly by: Actor;
  readonly command: CommandContent;
  readonly commandId: string;
  /** Of the case, as they saw it; any where absent. */
  readonly version?: number;
}

type CommandToTake = Pick<CommandOnBehalf, 'command' | 'by' | 'commandId'> & {
  readonly find?: GivenCommand['find'] | undefined;
  readonly version?: number | undefined;
  readonly withoutMissing?: true | undefined;
};

/** These go by the stream alone, so that nothing is read of the reports for them. */
const regardless: ReadonlySet<string> = new Set<LifecycleCommand['kind']>([
  'claim',
  'release',
  'resume',
  'note',
  'approve',
  'reject',
  'revert',
  'open_appeal',
  'decide_appeal',
]);
const nothingOpen: CaseBackground = { openReports: [], priorStrikes: 0 };

/** Takes the commands of people, from any route: the kit's or a team's own. */
@Injectable()
export class CaseCommands {
  constructor(
    @Inject(SubscriberRuntime) private readonly runtime: SubscriberRuntime,
    @Inject(Commands) private readonly commands: Commands,
    @Inject(CaseReader) private readonly reader: CaseReader,
    @Inject(SERVICE_CONFIG) private readonly config: ServiceConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The case as the views have it. Throws `ProblemException`: 404 for one that this team does not have, 421 for another region's, 503
   * as long as nobody here knows whose.
   */
  async caseToWorkOn(caseId: string): Promise<CaseFile> {
    return (await this.caseServed(caseId)).file;
  }

  /** The same, with the term in which this region works it. */
  async caseServed(caseId: string): Promise<CaseServed> {
    const { views } = this.runtime;
    const file = await caseById(views, caseId);
    if (file === undefined) throw noSuchCase();
    const serving = await servingOfCase(views, file);
    if (serving === undefined) throw servedByOthers();
    if (serving.region !== this.config.region) throw elsewhere(serving.region);
    return { file, term: serving.term };
  }

  /**
   * A case as it is now: what its stream makes of it, and what a decider would know of its reports. Throws as {@link caseToWorkOn},
   * and 503 where it cannot be gone on with yet.
   */
  async caseInHand(caseId: string): Promise<{ readonly work: CaseWork; readonly background: CaseBackground }> {
    const served = await this.caseServed(caseId);
    const { subjectId, revision } = served.file;
    const at = isoTime(this.clock());
    const work = await this.reader.current(served);
    const background = await backgroundOf(this.runtime.views, { caseId, subjectId, revision, at });
    return { work, background: withoutCovered(work, background) };
  }

  /** Gives a command to a case. Throws `ProblemException` where it is not taken: then nothing was stored. */
  async give({ caseId, sender, command, find, withoutMissing }: GivenCommand): Promise<CommandAnswer> {
    const served = await this.caseServed(caseId);
    const { file } = served;
    const { identity, version, idempotencyKey } = sender;
    // Nobody has seen more reports than there are: the version is of another case, or made up.
    if (version !== undefined && partsOf(version).revision > file.revision) throw problemOfStale(versionOf(file));
    const commandId = idempotencyKey === undefined ? uuidv7() : `key/${idempotencyKey}`;
    return this.take(served, { command, find, by: actorOf(identity), commandId, version, withoutMissing });
  }

  /** Gives a command in the name of somebody who asked for it before. Throws as {@link CaseCommands.give} does. */
  async giveAs({ caseId, ...given }: CommandOnBehalf): Promise<CommandAnswer> {
    return this.take(await this.caseServed(caseId), given);
  }

  private async take(served: CaseServed, given: CommandToTake): Promise<CommandAnswer> {
    const { command, find, by, commandId, version, withoutMissing } = given;
    const { file } = served;
    const seen = version === undefined ? undefined : partsOf(version);
    const revision = seen?.revision ?? file.revision;
    if (seen !== undefined && !regardless.has(command.kind)) await this.untilViewsHave(served, seen.streamVersion);
    const outcome = await this.commands.execute({
      case: file,
      ...servedIn(served, withoutMissing),
      commandId,
      fingerprint: fingerprintOf(by, command),
      ...(seen === undefined ? {} : { expectedVersion: seen.streamVersion }),
      command: await this.inContext(file, { command, find, by, revision }),
    });
    const problem = problemOfOutcome(outcome, file.revision);
    if (problem !== undefined) throw problem;
    if (outcome.outcome !== 'done') throw new Error('An outcome without a problem is done.');
    // What came of reports meanwhile they have not seen: the next decision does not cover it either.
    return { ...outcome.answer, version: versionOf({ streamVersion: outcome.version, revision }) };
  }

  /**
   * Which reports the sender's last step left open is for the views to say, which may be behind it. Throws `ProblemException` (503)
   * where they stay behind: a decision would then be on a case that nobody has seen.
   */
  private async untilViewsHave(served: CaseServed, streamVersion: number): Promise<void> {
    const version = versionOf({ streamVersion, revision: 0 });
    const has = await awaitVersion(this.runtime.views, served.file.caseId, version);
    if (has === undefined || has >= version) return;
    // The stream has gone on, or the version is made up: the command will be refused for that, or was taken before.
    if (await this.reader.isStale(served, streamVersion)) return;
    throw new ProblemException(problems.unavailable, 'The views of the case do not have its last step yet. Send it again.', {
      headers: { 'retry-after': '1' },
    });
  }

  /** What a command would lead to now. Throws as {@link CaseCommands.give} does; nothing is stored in any case. */
  async tryAs({ caseId, by, command }: Omit<CommandOnBehalf, 'commandId' | 'version'>): Promise<JsonObject> {
    const served = await this.caseServed(caseId);
    const { file } = served;
    const work = await this.reader.current(served);
    const decision = this.reader.decide(work, await this.inContext(file, { command, by, revision: file.revision }));
    if (!decision.ok) throw problemOfRefusal(decision.error);
    return {};
  }

  /** The command with all that a decider needs. `revision`: the reports that whoever gives it has seen. */
  async inContext(
    file: CaseFile,
    given: Pick<GivenCommand, 'command'> & {
      readonly find?: GivenCommand['find'] | undefined;
      readonly by: Actor;
      readonly revision: number;
    },
  ): Promise<CommandContext> {
    const { caseId, subjectId } = file;
    const at = isoTime(this.clock());
    const background = regardless.has(given.command.kind)
      ? nothingOpen
      : await backgroundOf(this.runtime.views, { caseId, subjectId, revision: given.revision, at });
    const found = await given.find?.(background);
    return { ...given.command, ...found, caseId, subjectId, at, by: given.by, background };
  }
}

/** The person, with the roles that cases know. */
export const actorOf = ({ sub, roles: held }: Identity): Actor => ({ sub, roles: roles.filter((role) => held.includes(role)) });

/** Of what somebody asks for: the same key with another fingerprint is refused. What they saw is not part of it. */
export const fingerprintOf = ({ sub }: Pick<Identity, 'sub'>, command: CommandContent): string =>
  createHash('sha256')
    .update(JSON.stringify([sub, command]))
    .digest('base64url');
