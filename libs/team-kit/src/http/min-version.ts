import {
  applyDecorators,
  Inject,
  Injectable,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { ApiAcceptedResponse, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { EventLog } from '@ringside/event-log';
import { EVENT_LOG } from '@ringside/platform';
import { IsOptional, Matches } from 'class-validator';
import { map, type Observable } from 'rxjs';

import { awaitLog } from '../await-log.js';
import { awaitSanctions, awaitVersion, versionWaitMsMax } from '../await-version.js';
import { SubscriberRuntime } from '../runtime.js';

const ofOneCase = /^\d{1,16}$/;
const ofAnyCase = /^(?:([A-Za-z0-9_-]{22}):)?(\d{1,16})$/;

/** `minVersion` of a query about one case. */
export const MinVersion = (): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({
      pattern: ofOneCase.source,
      description: 'The version that a command answered: waits until it shows',
    }),
    IsOptional(),
    Matches(ofOneCase, { message: 'must be a version as a command answers it' }),
  );

/** `minVersion` of a query about many cases. */
export const MinVersionOfCase = (): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({
      pattern: ofAnyCase.source,
      description:
        'The version that a command answered: waits until this shows all that was published when it was asked, whichever case the ' +
        'command was on. With the case in front, `<caseId>:<version>`, it waits for that alone, and is the cheaper for it',
    }),
    IsOptional(),
    Matches(ofAnyCase, { message: 'must be a version as a command answers it, or a case id, a colon and the version' }),
  );

/** It has not come so far yet. */
class PendingDto {
  @ApiProperty({ enum: ['pending'] })
  status!: 'pending';

  @ApiPropertyOptional({ description: 'Where one was named' })
  caseId?: string;

  @ApiPropertyOptional({ type: 'integer', description: 'That of the case now' })
  version?: number;

  @ApiProperty({ type: 'integer', description: 'The one that was asked for' })
  minVersion!: number;
}

interface Request {
  readonly params: { readonly caseId?: string };
  readonly query: { readonly minVersion?: unknown };
}

interface Reply {
  status(code: number): Reply;
  header(name: string, value: string): Reply;
}

/** Waits for the version that a query asks for; answers 202 where it does not come in time. What is malformed is the route's to refuse. */
@Injectable()
class VersionWait implements NestInterceptor {
  constructor(
    @Inject(SubscriberRuntime) protected readonly runtime: SubscriberRuntime,
    @Inject(EVENT_LOG) private readonly log: EventLog,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const asked = askedFor(context.switchToHttp().getRequest<Request>());
    if (asked === undefined) return next.handle();
    const pending = await this.waited(asked);
    if (pending === undefined) return next.handle();
    const reply = context.switchToHttp().getResponse<Reply>();
    // Asked all the same: what the route refuses will not be taken later either.
    return next.handle().pipe(
      map(() => {
        reply.status(202).header('retry-after', '1');
        return pending;
      }),
    );
  }

  /** Undefined once it shows; also for a case that is not there, which is the route's to tell. */
  private async waited({ caseId, minVersion }: Asked): Promise<PendingDto | undefined> {
    const { views, subscriber } = this.runtime;
    if (caseId === undefined) {
      // A version alone does not say of which case: what there is by now contains it, for whoever knows it was answered.
      return (await awaitLog({ views, log: this.log, subscriber })) ? undefined : { status: 'pending', minVersion };
    }
    const deadline = performance.now() + versionWaitMsMax;
    const version = await awaitVersion(views, caseId, minVersion);
    if (version === undefined) return undefined;
    const isThere = version >= minVersion && (await this.hasTheRest(caseId, deadline - performance.now()));
    return isThere ? undefined : { status: 'pending', caseId, version, minVersion };
  }

  /** What else the answer shows than the case and its lists. */
  protected hasTheRest(_caseId: string, _msMax: number): Promise<boolean> {
    return Promise.resolve(true);
  }
}

/** Of an answer with what the case's decisions imposed. */
@Injectable()
class SanctionsWait extends VersionWait {
  protected override hasTheRest(caseId: string, msMax: number): Promise<boolean> {
    return awaitSanctions(this.runtime.views, caseId, msMax);
  }
}

interface Asked {
  readonly caseId?: string;
  readonly minVersion: number;
}

function askedFor({ params, query }: Request): Asked | undefined {
  const { minVersion } = query;
  if (typeof minVersion !== 'string') return undefined;
  const { caseId } = params;
  if (caseId !== undefined) return ofOneCase.test(minVersion) ? { caseId, minVersion: Number(minVersion) } : undefined;
  const [, named, version] = ofAnyCase.exec(minVersion) ?? [];
  if (version === undefined) return undefined;
  return { ...(named === undefined ? {} : { caseId: named }), minVersion: Number(version) };
}

/**
 * A query that waits, 2 seconds at most, until it shows what its sender has written. `sanctions`: it shows what was imposed on the
 * subject as well.
 */
export const ReadsOwnWrites = ({ sanctions = false }: { readonly sanctions?: boolean } = {}): MethodDecorator =>
  applyDecorators(
    UseInterceptors(sanctions ? SanctionsWait : VersionWait),
    ApiAcceptedResponse({
      type: PendingDto,
      description: '`minVersion` did not show in time: ask again',
      headers: { 'Retry-After': { description: 'In seconds', schema: { type: 'integer' } } },
    }),
  );
