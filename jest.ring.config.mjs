import base from './jest.config.mjs';

/** Specs against real servers, `npm run test:ring`; `npm test` leaves them out. */
export default {
  ...base,
  testMatch: ['**/src/**/*.ring-spec.ts'],
};
