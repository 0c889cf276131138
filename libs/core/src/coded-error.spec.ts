import { describe, expect, it } from '@jest/globals';
import { CodedError, StartupError, UnavailableError } from './coded-error.js';

describe('coded errors', () => {
  it('are told apart by a literal code and named after their class', () => {
    const cause = new Error('disk');
    const unavailable = new UnavailableError('event-log', 'The event log is full.', { cause });
    expect(unavailable).toBeInstanceOf(CodedError);
    expect(unavailable).toMatchObject({ code: 'unavailable', dependency: 'event-log', name: 'UnavailableError', cause });
    expect(new StartupError('Port 3000 is in use.')).toMatchObject({ code: 'startup', message: 'Port 3000 is in use.' });
  });
});
