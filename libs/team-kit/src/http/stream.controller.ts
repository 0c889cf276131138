import { Readable } from 'node:stream';

import { Controller, Get, Headers, Inject, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { ChangeStreams } from '../changes/change-streams.js';

/** Changes of the team's cases as they happen. */
@ApiTags('cases')
@Controller('v1/stream')
export class StreamController {
  constructor(@Inject(ChangeStreams) private readonly streams: ChangeStreams) {}

  @Get()
  @ApiOperation({
    operationId: 'streamChanges',
    summary: "Server-sent events of changes to this team's cases.",
    description:
      'Event `case`: `{ caseId, change, at, by?, minVersion? }`: read the case again, with `minVersion`. `ready`: what was missed since ' +
      '`Last-Event-ID` is told. `reset`: too much was missed, read the lists anew. The stream ends after 15 minutes; come back with ' +
      '`Last-Event-ID`. In a browser use `fetch`, for `EventSource` sends no token.',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'The `id` of the last event that was heard' })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ description: 'Events until one of the two ends it' })
  async stream(
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const events = request.method === 'HEAD' ? this.noEvents() : await this.eventsFor(reply, lastEventId);
    await reply
      .header('content-type', 'text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no')
      .send(events);
  }

  /** Every GET has its HEAD. What would be answered is said without listening: of a body that is not sent nobody would hear the end. */
  private noEvents(): Readable {
    this.streams.refuseBeyondRoom();
    return Readable.from([]);
  }

  /** Nobody listens any longer than there is a response to write to, whatever becomes of the stream in between. */
  private async eventsFor(reply: FastifyReply, lastEventId: string | undefined): Promise<Readable> {
    const { readable } = await this.streams.listen(lastEventId);
    const leave = (): void => void readable.destroy();
    if (reply.raw.destroyed) leave();
    else reply.raw.once('close', leave);
    return readable;
  }
}
