import { deriveUuidv7, isoTime, naturalId } from '@ringside/core';
import type { Placement } from '@ringside/data-ring';
import {
  createEvent,
  regionPromoted,
  reporterStandingChanged,
  sanctionImposed,
  sanctionReversed,
  type RingsideEvent,
} from '@ringside/events';
import fc from 'fast-check';

import { caseHistories } from './case-arbitraries.js';
import { contestedCases, stepsOf } from './contested-arbitraries.js';

const epoch = Date.UTC(2026, 0, 31, 14);
const idOf = (label: string): string => deriveUuidv7('019c13f0-2b40-7c11-8a5d-3e4f5a6b7c8e', label);

/** What is imposed on players and taken back, and how far reporters are believed. Some say different things under one number. */
const others = (team: string): fc.Arbitrary<readonly RingsideEvent[]> => {
  const origin = (label: string, minute: number) => ({
    ...{ id: idOf(`${team}/${label}`), time: isoTime(epoch + minute * 60_000), region: 'local', source: `${team}-team` },
  });
  const sanction = fc
    .record({
      of: fc.constantFrom('s1', 's2', 's3'),
      game: fc.constantFrom('stormfall', 'kickoff'),
      number: fc.nat(3),
      reversed: fc.boolean(),
    })
    .map(({ of: playerId, game, number, reversed }): readonly RingsideEvent[] => {
      const caseId = naturalId('case', team, game, playerId);
      const about = {
        ...{ sanctionId: `${caseId}.${number}/1`, playerId, game, team, caseId, decisionId: `${caseId}.${number}` },
      };
      // What a sanction is does not change: its id says of which decision it is, and which of that one's.
      const kind = (['warn', 'mute', 'suspend', 'ban'] as const)[number]!;
      const from = isoTime(epoch + number * 60_000);
      const until = kind === 'warn' ? null : isoTime(epoch + 86_400_000);
      const terms = { kind, from, until, strikeUntil: isoTime(epoch + 30 * 86_400_000) };
      const label = `${about.sanctionId}/imposed`;
      const imposed = createEvent(sanctionImposed, { ...origin(label, number), data: { ...about, ...terms } });
      if (!reversed) return [imposed];
      const data = { ...about, because: 'overturned' as const };
      return [imposed, createEvent(sanctionReversed, { ...origin(`${about.sanctionId}/reversed`, number + 1), data })];
    });
  const standing = fc
    .record({
      reporterId: fc.constantFrom('r1', 'r2', 'r3'),
      revision: fc.integer({ min: 1, max: 3 }),
      standing: fc.constantFrom('good' as const, 'warned' as const, 'suppressed' as const),
      pick: fc.nat(3),
    })
    .map(({ reporterId, revision, standing, pick }): readonly RingsideEvent[] => {
      const since = standing === 'good' ? null : isoTime(epoch);
      const until = standing === 'suppressed' ? isoTime(epoch + 14 * 86_400_000) : null;
      const said = { reporterId, team, revision, standing, since, until, decided: pick + 4, unfounded: pick };
      const data = { ...said, credibility: { aimbot: 50 + pick }, by: 'system' };
      return [createEvent(reporterStandingChanged, { ...origin(JSON.stringify(said), revision), data })];
    });
  return fc.array(fc.oneof(sanction, standing), { maxLength: 10 }).map((lists) => lists.flat());
};

/** The events of a ring about the cases of one team, each by a region that may have produced it. */
export const ringHistories = (team: string, { regions, homeOf }: Placement): fc.Arbitrary<readonly RingsideEvent[]> =>
  fc
    .tuple(caseHistories(team), others(team), fc.array(fc.nat(regions.length - 1), { minLength: 1, maxLength: 20 }))
    .map(([history, more, picks]) => {
      const events = [...history, ...more].map((event, i): RingsideEvent => {
        const { data } = event;
        const player = 'subjectId' in data ? data.subjectId : 'playerId' in data ? data.playerId : undefined;
        const home = player === undefined ? undefined : homeOf(player);
        const picked = regions[picks[i % picks.length]!]!;
        const isByAny = ['ReportFiled', 'CaseWeighed', 'ReportSuppressed', 'ReporterStandingChanged'].includes(event.type);
        return {
          ...event,
          region: isByAny ? picked : (home ?? picked),
          data: {
            ...data,
            ...('subjectHomeRegion' in data && { subjectHomeRegion: home }),
            ...('homeRegion' in data && { homeRegion: home }),
          },
        } as RingsideEvent;
      });
      return [...new Map(events.map((event) => [event.id, event])).values()];
    });

/** A case that several regions worked in terms of their own: its steps, how it stood after each, and the promotions that began terms. */
export const contestedHistories = (team: string, placement: Placement): fc.Arbitrary<readonly RingsideEvent[]> => {
  const of = { team, game: 'stormfall', subjectId: 'contested' };
  const home = placement.homeOf(of.subjectId);
  const successors = placement.successorsOf(home);
  /** Terms go around among those that may serve the home. */
  const servedBy = (term: number): string => successors[term % successors.length]!;
  const promoted = (term: number): RingsideEvent =>
    createEvent(regionPromoted, {
      data: { home, servedBy: servedBy(term), term, by: 'op', reason: 'Away.' },
      ...{ id: idOf(`promoted/${term}`), time: isoTime(epoch + term), region: home, source: 'platform' },
    });
  return contestedCases(of).map(({ reports, steps }) => {
    const terms = new Set(steps.map(({ data }) => Math.floor(data.caseVersion / 2 ** 24)));
    const said = steps.map((event) => {
      const region = servedBy(Math.floor(event.data.caseVersion / 2 ** 24));
      return { ...event, region, data: { ...event.data, homeRegion: home } };
    });
    return [
      ...reports.map((event) => ({ ...event, region: home, data: { ...event.data, subjectHomeRegion: home } })),
      ...said,
      ...stepsOf({ steps: said }),
      ...[...terms].filter((term) => term > 0).map(promoted),
    ];
  });
};
