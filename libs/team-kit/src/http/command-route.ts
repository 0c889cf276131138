import {
  applyDecorators,
  HttpCode,
  Injectable,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ApiProblems, Roles, type Role } from '@ringside/platform';
import { tap, type Observable } from 'rxjs';

import { etag, type IfMatch } from '../casework/sender.js';

/** What a command is answered. */
export class CommandAnswerDto {
  @ApiProperty({
    type: 'integer',
    description: 'Of the case now; also the ETag, and `minVersion` of a query that is to show it',
  })
  version!: number;

  @ApiPropertyOptional({ description: 'Where the command was a decision' })
  decisionId?: string;

  @ApiPropertyOptional({ description: 'Where the command was a decision: whether it waits for an approver' })
  pendingApproval?: boolean;
}

/** Sets the ETag of an answer that has a version. */
@Injectable()
class VersionTag implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<{ readonly version?: number }>): Observable<unknown> {
    const reply = context.switchToHttp().getResponse<{ header(name: string, value: string): unknown }>();
    return next.handle().pipe(tap((answer) => answer?.version !== undefined && reply.header('etag', `"${answer.version}"`)));
  }
}

export interface CommandRoute {
  readonly operationId: string;
  readonly summary: string;
  /** Case workers and leads where absent. */
  readonly roles?: readonly Role[];
  /** As the handler's `SentBy` has it. */
  readonly ifMatch?: IfMatch;
}

/** What is seen of a decision or an appeal is a state that the command is for: another one refuses it in any case. */
const ifMatches: Readonly<Record<IfMatch, string>> = {
  required: 'The ETag of the case as it was seen. Another step since: 412 with the current version',
  optional:
    'The ETag of the case, of the decision or of the appeal as it was seen. Another step since: 412 with the current version. ' +
    'Without it, the command is for the case as it is',
};

/** A route that gives a command to a case: for the kit's routes and for those of teams. Its handler takes `@SentBy() sender`. */
export const CommandRoute = ({ operationId, summary, roles = ['case_worker', 'lead'], ifMatch = 'required' }: CommandRoute) =>
  applyDecorators(
    HttpCode(200),
    Roles(...roles),
    UseInterceptors(VersionTag),
    ApiOperation({ operationId, summary }),
    ApiHeader({
      name: 'If-Match',
      required: ifMatch === 'required',
      description: ifMatches[ifMatch],
      schema: { type: 'string', pattern: etag.source },
    }),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: 'The same command under the same key is taken once and answered alike; another one is refused with 409',
      schema: { type: 'string', minLength: 1, maxLength: 128, pattern: '^[\\x21-\\x7e]+$' },
    }),
    ApiOkResponse({
      type: CommandAnswerDto,
      headers: { ETag: { description: 'The version', schema: { type: 'string' } } },
    }),
    ApiProblems(400, 404, 409, 412, 413, 415, 421, 422, ...(ifMatch === 'required' ? [428] : [])),
  );
