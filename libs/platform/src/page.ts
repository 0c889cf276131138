import { createHash } from 'node:crypto';
import type { Type } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { ProblemException, problems } from './problem.js';

/** A part of a list, and where the next one begins; null at the end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** A query parameter that is a whole number; anything but plain digits becomes NaN, which `@IsInt` refuses. */
export const ToInteger = () =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? (/^\d{1,15}$/.test(value) ? Number(value) : NaN) : value,
  );

/** The query parameters of every list. */
export class PageQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 200, default: 50, description: 'At most this many items' })
  @ToInteger()
  @IsInt({ message: 'must be a whole number from 1 to 200' })
  @Min(1, { message: 'must be a whole number from 1 to 200' })
  @Max(200, { message: 'must be a whole number from 1 to 200' })
  limit = 50;

  @ApiPropertyOptional({ maxLength: 2048, description: '`nextCursor` of the page before' })
  @IsOptional()
  @IsString({ message: 'must be given once' })
  @MaxLength(2048, { message: 'must be at most 2,048 characters' })
  cursor?: string;
}

/** The DTO of one page of `Item`, for OpenAPI. Extend it with a name of its own: `class CasePageDto extends pageOf(CaseDto) {}`. */
export function pageOf<T>(Item: Type<T>): Type<{ items: T[]; nextCursor: string | null }> {
  class PageDto {
    @ApiProperty({ type: [Item] })
    items!: T[];

    @ApiProperty({ type: 'string', nullable: true, description: '`cursor` of the next page; null at the end' })
    nextCursor!: string | null;
  }
  return PageDto;
}

const checkOf = (list: string, position: string): string =>
  createHash('sha256').update(`${list.length}:${list}${position}`).digest('base64url').slice(0, 6);

/**
 * An opaque cursor for a position in a list. `list` names the list with its filters: a cursor of one list, or a damaged one,
 * is refused by another.
 */
export const encodeCursor = (list: string, position: string): string =>
  Buffer.from(JSON.stringify([checkOf(list, position), position])).toString('base64url');

/** The position within a cursor; undefined without one. Throws {@link ProblemException} (400) for one that is not of this list. */
export function decodeCursor(list: string, cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const position = positionWithin(cursor);
  if (position !== undefined && encodeCursor(list, position) === cursor) return position;
  throw new ProblemException(problems.invalidRequest, 'The cursor is not one of this list.', {
    errors: [{ parameter: 'cursor', detail: 'must be the nextCursor of a page of the same list' }],
  });
}

function positionWithin(cursor: string): string | undefined {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(decoded) && typeof decoded[1] === 'string' ? decoded[1] : undefined;
  } catch {
    return undefined;
  }
}
