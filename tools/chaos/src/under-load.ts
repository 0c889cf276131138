import { startCasework } from './casework.js';
import { startLoad } from './load.js';
import type { Outcome, Surroundings } from './scenario.js';
import { startServices, type Services, type ServicesOptions } from './services.js';
import { verifyAll, type Verification } from './verification.js';

export interface UnderLoadOptions {
  readonly perSecond?: number;
  /** How long one report is tried, in ms. */
  readonly deadlineMs?: number;
  /** Whether people give commands to cases meanwhile. */
  readonly casework?: boolean;
  readonly services?: Pick<ServicesOptions, 'env' | 'envOf' | 'doubles'>;
}

/** What a scenario did, beside what the verification found. */
export interface Disturbed {
  readonly figures: Outcome['figures'];
  readonly faults?: readonly string[];
}

export interface Stage {
  readonly services: Services;
  /** Reports that have got their 202 by now. */
  readonly accepted: () => number;
}

/** Runs the disturbance while reports come in, then checks that nothing is lost, doubled or misplaced, and that views equal the log. */
export async function underLoad(
  surroundings: Surroundings,
  { perSecond = 40, deadlineMs = 120_000, casework: worked = true, services: settings = {} }: UnderLoadOptions,
  disturb: (stage: Stage) => Promise<Disturbed>,
): Promise<Outcome> {
  const { root, directory, seed, say } = surroundings;
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
  await services.stop();
  const { figures, faults = [] } = disturbed;
  return outcomeOf({ figures: { ...figures, ...worth?.figures }, faults: [...faults, ...(worth?.faults ?? [])] }, verification);
}

function outcomeOf({ figures, faults = [] }: Disturbed, verification: Verification): Outcome {
  const { accepted, unknown, refused, differences, viewsCompared, viewsDiffering } = verification;
  const { lost, doubled, ...others } = differences;
  const other = Object.values(others).reduce((sum, count) => sum + count, 0);
  // A report without any fault of its own is refused by nobody.
  const refusals = refused > 0 ? [`${refused} reports were refused for good`] : [];
  return {
    figures: {
      ...figures,
      ...{ accepted, unknown, lost, doubled },
      'otherwise wrong': other,
      'views differing': `${viewsDiffering.length} of ${viewsCompared}`,
    },
    faults: [...faults, ...refusals, ...verification.faults],
  };
}
