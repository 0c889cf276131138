import { Body, Controller, Get, Module, Param, Post, Query, type INestApplication } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiProperty } from '@nestjs/swagger';
import { UnavailableError } from '@ringside/core';
import type { EventLog } from '@ringside/event-log';
import type { ViewStore } from '@ringside/view-store';
import { Type } from 'class-transformer';
import { IsArray, IsString, Matches, MaxLength, ValidateNested } from 'class-validator';
import { ApiProblems, PageQuery, ProblemException, problems, startService } from './index.js';
import type { RunningService, ServiceDefinition, StartOptions } from './index.js';

// Class names are their schemas' names in OpenAPI.
class LineDto {
  @ApiProperty()
  @IsString({ message: 'must be a string' })
  text!: string;
}

class NoteDto {
  @ApiProperty({ maxLength: 5 })
  @IsString({ message: 'must be a string' })
  @MaxLength(5, { message: 'must be at most 5 characters' })
  title!: string;

  @ApiProperty({ type: [LineDto] })
  @IsArray({ message: 'must be a list' })
  @ValidateNested({ each: true })
  @Type(() => LineDto)
  lines!: LineDto[];
}

class WordQuery {
  @IsString({ message: 'must be given once' })
  @MaxLength(5, { message: 'must be at most 5 characters' })
  @Matches(/^[a-z]+$/, { message: 'must be of small letters' })
  word!: string;
}

/** Held requests: `GET /v1/held` answers when the test says so. */
export const held = { release: [] as (() => void)[] };

@Controller('v1')
class NotesController {
  @Post('notes')
  @ApiBody({ type: NoteDto })
  @ApiProblems(400, 413, 415)
  create(@Body() note: NoteDto): { title: string } {
    return { title: note.title };
  }

  @Post('notes/:noteId/shred')
  shred(@Param('noteId') noteId: string): { shredded: string } {
    return { shredded: noteId };
  }

  @Post('notes::batch')
  batch(@Body() body: Buffer): { bytes: number } {
    return { bytes: body.length };
  }

  @Get('notes')
  @ApiOkResponse({ schema: { type: 'object' } })
  list(@Query() query: PageQuery): PageQuery {
    return query;
  }

  @Get('words')
  look(@Query() query: WordQuery): WordQuery {
    return query;
  }

  @Get('notes/:noteId')
  get(@Param('noteId') noteId: string): never {
    throw new ProblemException(problems.notFound, `There is no note ${noteId.length} characters long.`);
  }

  @Get('failing')
  fail(): never {
    throw new Error('the secret of the house');
  }

  @Get('unavailable')
  unavailable(): never {
    throw new UnavailableError('event-log', 'broker 10.0.0.1 is away');
  }

  @Get('held')
  async hold(): Promise<{ done: true }> {
    await new Promise<void>((resolve) => held.release.push(resolve));
    return { done: true };
  }
}

@Module({ controllers: [NotesController] })
class NotesModule {}

export const notesService: ServiceDefinition = {
  name: 'notes',
  title: 'Notes',
  description: 'A service for the specs of the platform.',
  version: '1.2.3',
  defaultPort: 0,
  access: { kind: 'everyone' },
  module: () => NotesModule,
  bodyFormats: [{ contentType: 'application/x-ndjson', bytesMax: 100_000, routes: ['/v1/notes::batch'] }],
};

export type Health = Awaited<ReturnType<EventLog['health']>>;

/** A log and a store of which the platform asks nothing but their health. */
export const stubs = (health: () => Health = () => ({ status: 'up' })): Pick<StartOptions, 'eventLog' | 'viewStore'> => ({
  eventLog: { driver: 'stub-log', health: () => Promise.resolve(health()), close: () => Promise.resolve() } as EventLog,
  viewStore: {
    driver: 'stub-store',
    health: () => Promise.resolve({ status: 'up' }),
    close: () => Promise.resolve(),
  } as ViewStore,
});

export const startNotes = (options: Partial<StartOptions> & { microservices?: (app: INestApplication) => object[] } = {}) => {
  const { microservices, ...rest } = options;
  return startService(
    { ...notesService, ...(microservices && { microservices }) },
    { ...stubs(), ...rest, config: { logLevel: 'silent', ...rest.config } },
  );
};

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export async function send(service: RunningService, path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(service.url + path, init);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, body: isJson ? (JSON.parse(text) as unknown) : text };
}

export const post = (
  service: RunningService,
  path: string,
  body: NonNullable<RequestInit['body']>,
  contentType = 'application/json',
) => send(service, path, { method: 'POST', body, headers: { 'content-type': contentType } });

/** Waits for a condition to come true; throws when it does not within 5 s. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('the condition did not come true');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
