import { describe, expect, it } from '@jest/globals';
import { StartupError, UnavailableError } from '@ringside/core';
import cassandra from 'cassandra-driver';

import { mayLackTable, reasonOf, startupError, translated } from './cql-errors.js';

const { errors, types } = cassandra;
const codes = types.responseErrorCodes;
const answer = (code: number, message = 'said so'): Error => new errors.ResponseError(code, message);
const nobody = (inner: Error): Error => new errors.NoHostAvailableError({ '10.0.0.1:9042': inner });

describe('errors of the CQL driver', () => {
  it.each([
    new errors.NoHostAvailableError({}),
    new errors.OperationTimedOutError('late', 'db'),
    new errors.BusyConnectionError('db', 1, 1),
    Object.assign(new Error('Socket was closed'), { isSocketError: true }),
    answer(codes.unavailableException),
    answer(codes.overloaded),
    answer(codes.isBootstrapping),
    answer(codes.writeTimeout),
    answer(codes.readTimeout),
    answer(codes.writeFailure),
    answer(codes.readFailure),
    answer(codes.serverError),
    answer(0x1700), // the outcome of a transaction is unknown, says the server
  ])('%s: trying again may help', (error) => {
    const unavailable = translated(error);
    expect(unavailable).toBeInstanceOf(UnavailableError);
    expect(unavailable).toMatchObject({ dependency: 'view-store', cause: error });
    expect(startupError(error)).toBeUndefined();
  });

  it.each([answer(codes.syntaxError), answer(codes.invalid), answer(codes.unauthorized), new TypeError('no')])(
    '%s: a bug, which stays as it is',
    (error) => expect(translated(error)).toBe(error),
  );

  it.each([
    new errors.AuthenticationError('wrong password'),
    nobody(new errors.AuthenticationError('wrong password')),
    new errors.ArgumentError('no such data center'),
    answer(codes.unauthorized),
    answer(codes.configError),
  ])('%s: keeps a service from starting', (error) => expect(startupError(error)).toBeInstanceOf(StartupError));

  it('names the node and what it says', () => {
    expect(reasonOf(nobody(new Error('connect ECONNREFUSED')))).toMatch(/10\.0\.0\.1:9042 says: connect ECONNREFUSED/);
  });

  it('knows a table that may be missing by what either server says, and by a statement that cannot be prepared again', () => {
    expect(mayLackTable(answer(codes.invalid, 'table ks.cases does not exist'))).toBe(true);
    expect(mayLackTable(answer(codes.invalid, 'unconfigured table cases'))).toBe(true);
    expect(mayLackTable(nobody(answer(codes.unprepared)))).toBe(true);
    expect(mayLackTable(answer(codes.invalid, 'Key may not be empty'))).toBe(false);
    expect(mayLackTable(answer(codes.writeTimeout))).toBe(false);
  });
});
