import type { IsoTime } from '@ringside/core';
import { bySystem } from '@ringside/events';
import {
  caseRow,
  caseTables,
  filedPrefix,
  filedReportsTable,
  playerSanctionsTable,
  sanctionsIn,
  sanctionsInForce,
  standingRow,
  strikesAt,
  type CaseFile,
  type FiledReport,
  type PlayerSanction,
  type ReporterStanding,
  type SanctionInForce,
} from '@ringside/casework';

import { caseView, type CaseSource, type CaseView } from './case-queries.js';
import type { Views } from './views.js';

/** Bounds of a dossier: what is beyond is counted as "at least". */
const dossierCasesMax = 200;
const dossierReportsMax = 1_000;
const dossierRecentMax = 20;
const dossierSanctionsMax = 1_000;

export interface Dossier {
  readonly playerId: string;
  readonly team: string;
  readonly cases: readonly CaseView[];
  readonly reportsFiled: {
    readonly count: number;
    /** True where there are more than were counted. */
    readonly more: boolean;
    readonly recent: readonly FiledReport[];
  };
  /** Of every team. */
  readonly sanctions: {
    readonly inForce: readonly SanctionInForce[];
    /** All that were ever imposed, the latest first. */
    readonly imposed: readonly PlayerSanction[];
  };
  readonly strikes: {
    readonly count: number;
    /** When each of them stops counting, the first one first. */
    readonly expireAt: readonly IsoTime[];
  };
  /** How far this team believes what the player reports. */
  readonly reporting: Pick<ReporterStanding, 'standing' | 'since' | 'until' | 'decided' | 'unfounded' | 'credibility'> & {
    /** The lead who restored the standing, where that is the last that was said of it. */
    readonly restored: { readonly by: string; readonly at: IsoTime } | null;
  };
}

const unknownReporter: Dossier['reporting'] = {
  standing: 'good',
  since: null,
  until: null,
  decided: 0,
  unfounded: 0,
  credibility: {},
  restored: null,
};

/** What this team knows of a player: cases about them, what they reported about others, and what every team imposed on them. */
export async function dossierOf(
  { views, rules, at }: CaseSource & { readonly at: IsoTime },
  playerId: string,
): Promise<Dossier> {
  const pointers = await views.page(caseTables.playerCases, playerId, { limit: dossierCasesMax });
  const files = await views.getMany(pointers.map(({ value }) => caseRow(value['caseId'] as string)));
  const [filed, sanctions, standing] = await Promise.all([
    views.page(filedReportsTable, playerId, { from: filedPrefix, to: endOfFiled, limit: dossierReportsMax, descending: true }),
    sanctionsOf(views, playerId),
    views.get(standingRow(playerId)) as Promise<unknown> as Promise<ReporterStanding | undefined>,
  ]);
  return {
    playerId,
    team: rules.team,
    cases: files.flatMap((file) => (file ? [caseView(file.value as unknown as CaseFile, rules, at)] : [])),
    reportsFiled: {
      count: filed.length,
      more: filed.length === dossierReportsMax,
      recent: filed.slice(0, dossierRecentMax).map(({ value }) => value as unknown as FiledReport),
    },
    sanctions: {
      inForce: sanctionsInForce(sanctions, at),
      imposed: [...sanctions].sort((a, b) => b.from.localeCompare(a.from) || b.sanctionId.localeCompare(a.sanctionId)),
    },
    strikes: { count: strikesAt(sanctions, at), expireAt: strikeEnds(sanctions, at) },
    reporting: standing === undefined ? unknownReporter : reportingAt(standing, at),
  };
}

const endOfFiled = `${filedPrefix.slice(0, -1)}0`; // "0" follows "/"

export async function sanctionsOf(views: Views, playerId: string): Promise<readonly PlayerSanction[]> {
  const rows = await views.page(playerSanctionsTable, playerId, { limit: dossierSanctionsMax });
  return sanctionsIn(rows.map(({ value }) => value));
}

/** One decision is one strike. */
function strikeEnds(sanctions: readonly PlayerSanction[], at: IsoTime): readonly IsoTime[] {
  const ends = new Map<string, IsoTime>();
  for (const { decisionId, reversed, strikeUntil } of sanctions) {
    const known = ends.get(decisionId);
    if (reversed === null && strikeUntil > at && (known === undefined || known < strikeUntil))
      ends.set(decisionId, strikeUntil);
  }
  return [...ends.values()].sort();
}

/** A suppression that ran out leaves a warning. */
function reportingAt(known: ReporterStanding, at: IsoTime): Dossier['reporting'] {
  const { standing, since, until, decided, unfounded, credibility, by } = known;
  const isOver = standing === 'suppressed' && until !== null && until <= at;
  return {
    standing: isOver ? 'warned' : standing,
    ...(isOver ? { since: null, until: null } : { since, until }),
    decided,
    unfounded,
    credibility,
    restored: by === bySystem ? null : { by, at: known.at },
  };
}
