import { describe, expect, it } from '@jest/globals';
import { ownSettingsAside } from './own-settings.js';

describe('ownSettingsAside', () => {
  it('leaves what is no setting of a service', () => {
    const env = { PATH: '/usr/bin', RINGSIDE_DATA: '/home/me', NODE_ENV: 'test', MY_RINGSIDE_DATA: 'mine' };
    expect(ownSettingsAside(env)).toEqual({ PATH: '/usr/bin', MY_RINGSIDE_DATA: 'mine' });
  });
});
