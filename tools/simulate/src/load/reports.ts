import { UnavailableError } from '@ringside/core';
import { reportReasons } from '@ringside/events';

import type { Simulation } from '../run/simulation.js';
import { cursedReporter } from '../services/ledger.js';
import type { Region } from '../services/region.js';

/** A report that was answered 202. */
export interface AcceptedReport {
  readonly reportId: string;
  readonly region: string;
  readonly subjectId: string;
  readonly game: string;
  readonly reason: string;
  readonly hasEvidence: boolean;
  /** Sent again under the same key it has to have the same id. */
  readonly key: string | undefined;
}

export const games = ['stormfall', 'kickoff'];

/** What players wrote in a region: the text is nowhere else. */
export const writtenIn = (region: string): string => `words written in ${region}`;

export const playersOf = (region: string): readonly string[] => {
  const prefix = region === 'local' ? 'p' : region;
  return [1, 2, 3].map((number) => `${prefix}-${number}`);
};

/** Players file reports, and send them again until they are answered, or lose patience. */
export class Players {
  readonly accepted: AcceptedReport[] = [];
  /** Reports of which nobody knows yet whether they are accepted. */
  underWay = 0;

  constructor(private readonly simulation: Simulation) {}

  plan(): void {
    const { world, scenario } = this.simulation;
    for (let i = 0; i < scenario.reports; i++) {
      this.underWay++;
      world.schedule(undefined, world.random.next() * scenario.activeMs, `report ${i}`, () => this.begin(i));
    }
  }

  private begin(number: number): void {
    const { world, regions } = this.simulation;
    const { random } = world;
    const region = random.pick(regions);
    const subjectId = random.pick(regions.flatMap(({ name }) => playersOf(name)));
    const reason = random.pick(reportReasons).reason;
    const hasEvidence = reason === 'other' || random.chance(0.3);
    const body = {
      game: random.pick(games),
      reporterId: random.chance(0.1) ? cursedReporter : `r-${random.between(1, 5)}`,
      subjectId,
      reason,
      ...(random.chance(0.5) && { matchId: `match-${random.between(1, 3)}` }),
      ...(hasEvidence && { description: `${writtenIn(region.name)}, number ${number}` }),
    };
    const key = random.chance(0.7) ? `report-${number}` : undefined;
    this.send({ region, body, key }, 1);
  }

  private send(filing: Filing, tries: number): void {
    const { world, simulation } = { world: this.simulation.world, simulation: this.simulation };
    const { region, body, key } = filing;
    let isOver = false;
    const end = (isUnanswered: boolean): void => {
      if (isOver) return;
      isOver = true;
      if (!isUnanswered || (tries > 3 && world.hasFaults && world.random.chance(0.3))) this.underWay--;
      else world.schedule(undefined, world.random.next() * 1_500, 'a report is sent again', () => this.send(filing, tries + 1));
    };
    const intakes = simulation.running('intake', region);
    if (intakes.length === 0) return end(true);
    const intake = world.random.pick(intakes);
    world.schedule(undefined, 3_000, 'a report is not answered', () => end(true));
    world.schedule(intake.surroundings.process, world.latency(), `file ${key ?? 'a report'}`, () => {
      intake.fileReport(body, key).then(
        (result) => {
          if (!result.ok) throw result.error;
          if (isOver) return;
          const { subjectId, game, reason } = body;
          const { reportId } = result.value;
          world.note('player', `has the receipt of ${reportId}`);
          const hasEvidence = 'description' in body;
          this.accepted.push({ reportId, region: region.name, subjectId, game, reason, hasEvidence, key });
          // Some send it once more although it was answered: the answer did not reach them.
          if (key !== undefined && tries === 1 && world.hasFaults && world.random.chance(0.1)) return end(true);
          end(false);
        },
        (error: unknown) => {
          if (!(error instanceof UnavailableError)) throw error;
          end(true);
        },
      );
    });
  }
}

interface Filing {
  readonly region: Region;
  readonly body: { readonly subjectId: string; readonly game: string; readonly reason: string; readonly description?: string };
  readonly key: string | undefined;
}
