import { Injectable, ValidationPipe, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { jsonPointer } from '@ringside/core';
import type { ValidationError } from 'class-validator';
import { ProblemException, problems, type Fault } from './problem.js';

/** Carries class-validator's findings from the pipe's factory to where the kind of argument is known. */
class RefusedArgument extends Error {
  constructor(readonly findings: readonly ValidationError[]) {
    super('refused');
  }
}

const primitives: readonly unknown[] = [String, Number, Boolean, Array, Object];

/**
 * Validates DTOs with class-validator: unknown fields are refused, all faults are listed at once, those of a body with a JSON
 * pointer, those of queries and paths with the parameter's name.
 */
@Injectable()
export class RequestValidationPipe implements PipeTransform {
  readonly #pipe = new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    validationError: { target: false, value: false },
    exceptionFactory: (findings) => new RefusedArgument(findings),
  });

  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const isDto = metadata.metatype !== undefined && !primitives.includes(metadata.metatype);
    if (isDto && metadata.type === 'body' && (typeof value !== 'object' || value === null || Array.isArray(value))) {
      throw refusal([{ pointer: '', detail: 'must be a JSON object' }]);
    }
    try {
      return (await this.#pipe.transform(value, metadata)) as unknown;
    } catch (error) {
      if (error instanceof RefusedArgument) throw refusal(faultsOf(error.findings, metadata.type === 'body'));
      throw error;
    }
  }
}

const refusal = (errors: readonly Fault[]): ProblemException =>
  new ProblemException(problems.invalidRequest, 'Mend the fields listed under errors.', { errors });

function faultsOf(findings: readonly ValidationError[], isBody: boolean, parents: readonly string[] = []): readonly Fault[] {
  return findings.flatMap((finding) => {
    const path = [...parents, finding.property];
    const place = isBody ? { pointer: jsonPointer(path) } : { parameter: path.join('.') };
    // Several constraints of one field often say the same thing in the same words.
    const details = new Set(
      Object.entries(finding.constraints ?? {}).map(([rule, message]) => detailOf(rule, message, finding.property)),
    );
    return [...[...details].map((detail) => ({ ...place, detail })), ...faultsOf(finding.children ?? [], isBody, path)];
  });
}

/** class-validator's own messages begin with the field's name, which the pointer has said already. */
function detailOf(rule: string, message: string, property: string): string {
  if (rule === 'whitelistValidation') return 'is not a known field';
  return message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
}
