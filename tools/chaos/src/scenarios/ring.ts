import { join } from 'node:path';

import { killAtRandom, killFigures, type Pace } from '../kill-at-random.js';
import { orderOf } from '../kill-order.js';
import { startRingServers } from '../ring-servers.js';
import type { Scenario } from '../scenario.js';
import { underLoad } from '../under-load.js';
import type { Killable } from '../victim.js';

/** A server is away for half a minute: slowly enough that it is at work again before the next one goes, and not always. */
const pace: Pace = { pauseMsMin: 500, pauseMsMax: 8_000, awayMax: 3, rest: 0.35, sayEvery: 5 };
const reportsPerSecond = 8;
/** A server is given four minutes to start, and a service that was killed meanwhile waits for it. */
const readySecondsMax = 420;
/** A report is tried for longer than a server is away, in ms. */
const deadlineMs = 420_000;

export const ring: Scenario = {
  name: 'ring',
  promise:
    'A broker or a store that is killed, and services that are killed beside them, lose nothing that was accepted, and do nothing twice.',
  how: 'On one Pulsar and one Cassandra: SIGKILL of the broker, the store and any service at random moments, of several at once, and of some while they start.',
  inShort: false,
  onRing: true,
  async run(surroundings) {
    const { directory, kills, random, say } = surroundings;
    // The servers live for minutes: compiling their code with the quick compiler alone halves what their start costs.
    process.env['JAVA_TOOL_OPTIONS'] ??= '-XX:TieredStopAtLevel=1';
    const onEnd = (end: () => Promise<void> | void): void => surroundings.onEnd(end);
    const servers = await startRingServers({ directory: join(directory, 'ring'), env: process.env, say, onEnd });
    const options = { perSecond: reportsPerSecond, deadlineMs, services: { env: servers.env, readySecondsMax } };
    return underLoad(surroundings, options, async ({ services, accepted }) => {
      const victims: readonly Killable[] = [...servers.victims, ...services.victims];
      const order = orderOf({ servers: servers.victims, services: services.victims, kills }, random);
      const killed = await killAtRandom({ pace, accepted, choose: () => order.next() }, surroundings);
      const spared = servers.victims.filter(({ name }) => !killed.has(name));
      return {
        figures: killFigures(killed, victims),
        faults: [
          ...spared.map(({ name }) => `${name} was never killed, so nothing was shown of it`),
          ...servers.victims.flatMap((victim) => victim.ownDeath() ?? []),
        ],
      };
    });
  },
};
