import { startCasework } from './casework.js';
import { startLoad } from './load.js';
import { outcomeOf, type Disturbed } from './outcome.js';
import type { Outcome, Surroundings } from './scenario.js';
import { startServices, type Services, type ServicesOptions } from './services.js';
import { verifyAll } from './verification.js';

export interface UnderLoadOptions {
  readonly perSecond?: number;
  /** How long one report is tried, in ms. */
  readonly deadlineMs?: number;
  /** Whether people give commands to cases meanwhile. */
  readonly casework?: boolean;
  readonly services?: Pick<ServicesOptions, 'env' | 'envOf' | 'doubles' | 'readySecondsMax'>;
  /** Whether a service may end itself at what is done to it: elsewhere that is a fault. */
  readonly mayEndItself?: boolean;
}

export interface Stage {
  readonly services: Services;
  /** Reports that have got their 202 by now. */
  readonly accepted: () => number;
}

/** Runs the disturbance while reports come in, then checks that nothing is lost, doubled or misplaced, and that views equal the log. */
export async function underLoad(
  surroundings: Surroundings,
  options: UnderLoadOptions,
  disturb: (stage: Stage) => Promise<Disturbed>,
): Promise<Outcome> {
  const { root, directory, seed, say } = surroundings;
  const {
    perSecond = 40,
    deadlineMs = 120_000,
    casework: worked = true,
    services: settings = {},
    mayEndItself = false,
  } = options;
  const services = await startServices({ root, directory, say, ...settings });
  surroundings.onEnd(() => services.stop());
  const casework = worked ? await startCasework(services, seed) : undefined;
  const load = startLoad({ url: services.intake.url, seed: String(seed), perSecond, deadlineMs });
  let disturbed: Disturbed;
  try {
    disturbed = await disturb({ services, accepted: load.accepted });
    await Promise.all(services.victims.map((victim) => victim.untilReady()));
  } catch (error) {
    // The services end first: then nobody waits for their answers.
    for (const ending of [load.stop(), casework?.finish()]) ending?.catch(() => undefined);
    throw error;
  }
  const sent = await load.stop();
  const worth = await casework?.finish();
  say(`${sent.length} reports were sent; verifying`);
  const verification = await verifyAll(root, services, sent);
  const ownDeaths = services.victims.flatMap((victim) => victim.ownDeaths);
  await services.stop();
  return outcomeOf({ parts: [disturbed, ...(worth === undefined ? [] : [worth])], verification, ownDeaths, mayEndItself });
}
