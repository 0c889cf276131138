import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, ApiPropertyOptional, ApiResponse, getSchemaPath } from '@nestjs/swagger';

/** One fault of a request. */
export class FaultDto {
  @ApiPropertyOptional({ description: 'JSON Pointer into the body', example: '/subjectId' })
  pointer?: string;

  @ApiPropertyOptional({ description: 'Name of the query or path parameter', example: 'limit' })
  parameter?: string;

  @ApiPropertyOptional({ description: 'Name of the header', example: 'idempotency-key' })
  header?: string;

  @ApiProperty({ example: 'must be a string' })
  detail!: string;
}

/** A problem document (RFC 9457). */
export class ProblemDto {
  @ApiProperty({ description: 'Tells problems apart', example: 'urn:ringside:problem:invalid_request' })
  type!: string;

  @ApiProperty({ example: 'The request has fields that are not valid' })
  title!: string;

  @ApiProperty({ type: 'integer', example: 400 })
  status!: number;

  @ApiProperty({ example: 'Mend the fields listed under errors.' })
  detail!: string;

  @ApiPropertyOptional({ type: [FaultDto], description: 'The faults of the request, the first 50 of them' })
  errors?: FaultDto[];
}

const descriptions: Readonly<Record<number, string>> = {
  400: 'Malformed, unknown or missing fields, the first 50 of them listed',
  401: 'No valid identity',
  403: 'The identity may not do this',
  404: 'There is no such resource',
  405: 'The resource does not take this method',
  409: 'The state of the resource forbids this',
  412: 'The resource has changed meanwhile',
  413: 'The body is too large',
  414: 'The address is too long',
  415: 'The content type is not taken here',
  421: 'Another region has to take this',
  422: 'Well-formed, but cannot be taken',
  428: 'The request names no version that it was made for',
  429: 'Too many requests from this client',
  431: 'The headers, with the address, are too large',
  500: 'The service has failed',
  503: 'The service or a dependency cannot take the request now',
};

const retryAfter = { 'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer' as const, minimum: 0 } } };

/** The `responses` entry of one problem status. */
export const problemResponse = (status: number) => ({
  description: descriptions[status] ?? 'A problem',
  ...(status === 429 || status === 503 ? { headers: retryAfter } : {}),
  content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) } } },
});

/** Documents the problems that a route answers with. 400, 414, 429, 431, 500 and 503 are added to every route. */
export const ApiProblems = (...statuses: readonly number[]) =>
  applyDecorators(ApiExtraModels(ProblemDto), ...statuses.map((status) => ApiResponse({ status, ...problemResponse(status) })));
