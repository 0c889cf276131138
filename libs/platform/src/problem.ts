import { CodedError, UnavailableError } from '@ringside/core';

/** What can be wrong, as a client can tell it apart: the problem document's `type` is `urn:ringside:problem:<code>`. */
export interface ProblemKind {
  readonly code: string;
  readonly status: number;
  /** The same for every occurrence. */
  readonly title: string;
}

const kind = (status: number, code: string, title: string): ProblemKind => ({ code, status, title });

/** The problems that any service may answer with. A service adds its own beside its routes. */
export const problems = {
  malformedRequest: kind(400, 'malformed_request', 'The request is not well-formed HTTP'),
  invalidJson: kind(400, 'invalid_json', 'The body is not valid JSON'),
  invalidRequest: kind(400, 'invalid_request', 'The request has fields that are not valid'),
  unauthorized: kind(401, 'unauthorized', 'The request names no valid identity'),
  forbidden: kind(403, 'forbidden', 'The identity may not do this'),
  notFound: kind(404, 'not_found', 'There is no such resource'),
  methodNotAllowed: kind(405, 'method_not_allowed', 'The resource does not take this method'),
  timeout: kind(408, 'timeout', 'The request took too long to arrive'),
  conflict: kind(409, 'conflict', 'The state of the resource forbids this'),
  preconditionFailed: kind(412, 'precondition_failed', 'The resource has changed meanwhile'),
  bodyTooLarge: kind(413, 'body_too_large', 'The body is too large'),
  uriTooLong: kind(414, 'uri_too_long', 'The address is too long'),
  unsupportedMediaType: kind(415, 'unsupported_media_type', 'The body has a type or an encoding that is not taken here'),
  expectationFailed: kind(417, 'expectation_failed', 'The request expects what is not done here'),
  misdirected: kind(421, 'misdirected', 'Another region has to take this'),
  unprocessable: kind(422, 'unprocessable', 'The request is well-formed, but cannot be taken'),
  preconditionRequired: kind(428, 'precondition_required', 'The request has to name the version that it was made for'),
  rateLimited: kind(429, 'rate_limited', 'Too many requests from this client'),
  headersTooLarge: kind(431, 'headers_too_large', 'The request headers are too large'),
  internal: kind(500, 'internal', 'The service has failed'),
  unavailable: kind(503, 'unavailable', 'A dependency cannot take the request now'),
  overloaded: kind(503, 'overloaded', 'The service has too many requests under way'),
} as const satisfies Record<string, ProblemKind>;

/** One fault of a request: where it is (one of `pointer`, `parameter`, `header`) and what to do. */
export interface Fault {
  /** JSON Pointer (RFC 6901) into the body; the empty string is the body itself. */
  readonly pointer?: string;
  /** Name of the query or path parameter. */
  readonly parameter?: string;
  readonly header?: string;
  readonly detail: string;
}

/** A problem document lists so many faults, and says that there are more: otherwise its size would be the client's to choose. */
export const faultsMax = 50;

export interface ProblemOptions extends ErrorOptions {
  readonly errors?: readonly Fault[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the document, such as the current version on a lost race. */
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Ends a request with a problem document. `detail` is shown to the client: a sentence, with nothing of the body in it. */
export class ProblemException extends CodedError {
  readonly code: string;

  constructor(
    readonly kind: ProblemKind,
    readonly detail: string,
    readonly options: ProblemOptions = {},
  ) {
    super(detail, options);
    this.code = kind.code;
  }
}

/** RFC 9457. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly Fault[];
}

export const problemType = (code: string): string => `urn:ringside:problem:${code}`;

export function problemDocument(problem: ProblemException): ProblemDocument {
  const { kind, detail, options } = problem;
  return {
    ...options.extensions,
    type: problemType(kind.code),
    title: kind.title,
    status: kind.status,
    detail,
    ...(options.errors && { errors: listed(options.errors) }),
  };
}

const listed = (faults: readonly Fault[]): readonly Fault[] =>
  faults.length <= faultsMax
    ? faults
    : [...faults.slice(0, faultsMax), { pointer: '', detail: `has more faults than the ${faultsMax} that are listed` }];

const kindsByFastifyCode: Readonly<Record<string, ProblemKind>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: problems.bodyTooLarge,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: problems.unsupportedMediaType,
  FST_ERR_BAD_URL: problems.malformedRequest,
  FST_ERR_MAX_PARAM_LENGTH: problems.uriTooLong,
};

const kindsByStatus: Readonly<Record<number, ProblemKind>> = {
  ...Object.fromEntries(Object.values(problems).map((one) => [one.status, one])),
  400: problems.malformedRequest,
  503: problems.unavailable,
};

const detailsByCode: Readonly<Record<string, string>> = {
  body_too_large: 'Send a smaller body.',
  internal: 'The fault is on the side of the service, and is in its log.',
  not_found: 'There is no such route.',
  unsupported_media_type: 'Send the content type that the documentation of this route names, in UTF-8.',
  uri_too_long: 'Send a shorter address.',
  malformed_request: 'The request cannot be read: check its address, its headers and its content length.',
};

/**
 * The problem that an error of any origin amounts to. What is not known to be harmless is `internal`: neither its message
 * nor its stack reaches the client.
 */
export function problemOf(error: unknown): ProblemException {
  if (error instanceof ProblemException) return error;
  if (error instanceof UnavailableError) {
    const name = error.dependency === 'event-log' ? 'event log' : 'view store';
    return new ProblemException(problems.unavailable, `The ${name} cannot take the request now. Send it again.`, {
      headers: { 'retry-after': '1' },
      cause: error,
    });
  }
  const kind = kindOf(error);
  return new ProblemException(kind, detailsByCode[kind.code] ?? `${kind.title}.`, { cause: error });
}

function kindOf(error: unknown): ProblemKind {
  if (typeof error !== 'object' || error === null) return problems.internal;
  const { code, statusCode, cause } = error as { code?: unknown; statusCode?: unknown; cause?: unknown };
  if (typeof code === 'string') {
    const known = kindsByFastifyCode[code] ?? (code === 'record_too_large' ? problems.bodyTooLarge : undefined);
    if (known) return known;
  }
  // Nest's HttpException carries a status, and what it was made of as its cause.
  const status = 'getStatus' in error && typeof error.getStatus === 'function' ? (error.getStatus() as unknown) : statusCode;
  if (typeof status !== 'number' || status >= 500) return problems.internal;
  const ofCause = cause === undefined ? undefined : kindOf(cause);
  return ofCause && ofCause !== problems.internal ? ofCause : (kindsByStatus[status] ?? problems.malformedRequest);
}
