import { Injectable, ValidationPipe, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { jsonPointer } from '@ringside/core';
import type { ValidationError } from 'class-validator';
import { forbiddenKeysIn } from './json-body.js';
import { faultsMax, ProblemException, problems, type Fault } from './problem.js';

/** Carries class-validator's findings from the pipe's factory to where the kind of argument is known. */
class RefusedArgument extends Error {
  constructor(readonly findings: readonly ValidationError[]) {
    super('refused');
  }
}

const primitives: readonly unknown[] = [String, Number, Boolean, Array, Object];

/**
 * Validates DTOs with class-validator: unknown fields are refused, its faults are listed together, those of a body with a JSON
 * pointer, those of queries and paths with the parameter's name.
 */
@Injectable()
export class RequestValidationPipe implements PipeTransform {
  readonly #pipe = new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    // The value tells what is absent from what is wrong; it goes nowhere.
    validationError: { target: false, value: true },
    exceptionFactory: (findings) => new RefusedArgument(findings),
  });

  async transform(given: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const isBody = metadata.type === 'body';
    const isDto = metadata.metatype !== undefined && !primitives.includes(metadata.metatype);
    // Without a body no field is there: whatever is required is listed.
    const value = !isBody || !isDto ? given : given === undefined ? {} : withoutNulls(given);
    const faults = [...(isBody ? forbiddenKeysIn(value) : []), ...(isDto ? passedOver(value, isBody) : [])];
    if (isDto && isBody && (typeof value !== 'object' || value === null || Array.isArray(value))) {
      throw refusal([{ pointer: '', detail: 'must be a JSON object' }, ...faults]);
    }
    const valid = await this.#validated(value, metadata, faults);
    if (faults.length > 0) throw refusal(faults);
    return valid;
  }

  async #validated(value: unknown, metadata: ArgumentMetadata, faults: readonly Fault[]): Promise<unknown> {
    try {
      return (await this.#pipe.transform(value, metadata)) as unknown;
    } catch (error) {
      if (!(error instanceof RefusedArgument)) throw error;
      throw refusal([...faultsOf(error.findings, metadata.type === 'body'), ...faults]);
    }
  }
}

/**
 * A field that is null is one that is not there: many clients write it so, and a handler that takes absent for granted has no
 * eye for null. Its name stays, so that one that nobody knows is still refused. Leaves the body as it is, which knows its forbidden keys.
 */
function withoutNulls(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const pending: object[] = [body];
  for (let next = pending.pop(); next; next = pending.pop()) {
    for (const [key, child] of Object.entries(next)) {
      if (child === null && !Array.isArray(next)) Reflect.set(next, key, undefined);
      else if (typeof child === 'object' && child !== null) pending.push(child as object);
    }
  }
  return body;
}

const refusal = (errors: readonly Fault[]): ProblemException =>
  new ProblemException(problems.invalidRequest, 'Mend the fields listed under errors.', { errors });

const placeOf = (path: readonly string[], isBody: boolean): Partial<Fault> =>
  isBody ? { pointer: jsonPointer(path) } : { parameter: path.join('.') };

const unknownField = 'is not a known field';

/** Keys that class-transformer leaves out in silence, so that nothing behind it could refuse them. */
function passedOver(root: unknown, isBody: boolean): readonly Fault[] {
  const faults: Fault[] = [];
  const pending: (readonly [value: unknown, path: readonly string[]])[] = [[root, []]];
  for (let next = pending.pop(); next && faults.length <= faultsMax; next = pending.pop()) {
    const [value, path] = next;
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, child] of Object.entries(value)) {
      const at = [...path, key];
      if (key === '__proto__' || key === 'constructor') faults.push({ ...placeOf(at, isBody), detail: unknownField });
      else pending.push([child, at]);
    }
  }
  return faults;
}

function faultsOf(findings: readonly ValidationError[], isBody: boolean, parents: readonly string[] = []): readonly Fault[] {
  return findings.flatMap((finding) => {
    const path = [...parents, finding.property];
    const own = detailsOf(finding).map((detail) => ({ ...placeOf(path, isBody), detail }));
    return [...own, ...faultsOf(finding.children ?? [], isBody, path)];
  });
}

const rulesOfType: ReadonlySet<string> = new Set(['isString', 'isInt', 'isNumber', 'isBoolean', 'isArray', 'isObject']);

/** Each thing once. What is absent is only that, and what is of the wrong type need not hear that it is too long as well. */
function detailsOf({ property, value, constraints = {} }: ValidationError): readonly string[] {
  const rules = Object.entries(constraints);
  if (rules.length === 0) return [];
  if (Object.hasOwn(constraints, 'whitelistValidation')) return [unknownField];
  if (value === undefined) return ['is required'];
  const ofType = rules.filter(([rule]) => rulesOfType.has(rule));
  return [...new Set((ofType.length > 0 ? ofType : rules).map(([, message]) => detailOf(message, property)))];
}

/** class-validator's own messages begin with the field's name, which the pointer has said already. */
const detailOf = (message: string, property: string): string =>
  message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
