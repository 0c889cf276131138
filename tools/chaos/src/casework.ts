import { setTimeout as pause } from 'node:timers/promises';

import {
  isPublished,
  openOffice,
  readRecord,
  requireAnsweredAsStored,
  requireLinearizable,
  requirePublishedAsStored,
  startWork,
  type OnRecord,
} from '@ringside/casework-load';
import { until } from '@ringside/service-processes';

import type { Outcome } from './scenario.js';
import type { Services } from './services.js';

/** The team whose cases people work on: the account that they are checked by is of this one's verbs. */
const service = 'cheating-team';
const [cases, people, thinkingMsMax] = [20, 6, 400];
const publishedSecondsMax = 120;
const faultCharactersMax = 1_500;

/** People who give commands to the same cases, whatever happens to the services. */
export interface Casework {
  /** Ends it; resolves with what came of it. */
  finish(): Promise<Outcome>;
}

/** Undefined where that team has left the workspace. */
export async function startCasework(services: Services, seed: number): Promise<Casework | undefined> {
  const team = services.teams.find(({ name }) => name === service);
  if (team === undefined) return undefined;
  const { intake, token } = services;
  const office = await openOffice({
    seed,
    cases,
    people,
    thinkingMsMax,
    intakeUrl: intake.url,
    urls: [team.url],
    tokenFor: token,
  });
  const work = startWork(office, seed);
  const { desk } = office;

  async function settled(): Promise<OnRecord> {
    return until('all steps that are stored are published', publishedSecondsMax, async () => {
      const record = await readRecord({ data: services.data, service, caseIds: desk.caseIds, env: services.env });
      if (isPublished(record)) return record;
      await pause(1_000);
      return undefined;
    });
  }

  return {
    async finish() {
      await work.stop();
      const faults = desk.unheardOf.slice(0, 5).map((answer) => `an answer that nobody may get: ${answer}`);
      try {
        const record = await settled();
        const { accepted, unanswered, steps } = requireAnsweredAsStored(desk.history, record);
        const again = requirePublishedAsStored(record);
        requireLinearizable(desk.history, record);
        if (accepted === 0) faults.push('casework: no command was accepted, so nothing was shown');
        return {
          figures: { 'commands accepted': accepted, 'sendings unanswered': unanswered, steps, 'published again': again },
          faults,
        };
      } catch (error) {
        return { figures: {}, faults: [...faults, `casework: ${shortly(error)}`] };
      }
    },
  };
}

/** A difference between two records may be pages long; the first lines say which case it is about. */
const shortly = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, faultCharactersMax);
