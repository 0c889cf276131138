import { describe, expect, it } from '@jest/globals';
import { statementCategories } from '@ringside/casework';
import { reasonsOf, reportReasons } from '@ringside/events';

import { abuseClauses, abusePolicy } from './abuse-policy.js';
import { abuseRules } from './abuse-rules.js';

describe('what the abuse team captures', () => {
  it('is what the contract gives to it, and nothing else', () => {
    expect(abuseRules.team).toBe('abuse');
    expect(abusePolicy.team).toBe('abuse');
    const captured = reportReasons.map(({ reason }) => reason).filter((reason) => abuseRules.captures(reason));
    expect(captured).toEqual(reasonsOf('abuse'));
    expect(abuseRules.captures('not_known_yet')).toBe(false);
  });

  it('is weighed from 1 to 10, and decided the sooner the graver it is', () => {
    const weights = [...reasonsOf('abuse'), 'not_known_yet'].map((reason) => abuseRules.weigh(reason));
    for (const { severity, decideWithinHours } of weights) {
      expect(severity).toBeGreaterThanOrEqual(1);
      expect(severity).toBeLessThanOrEqual(10);
      expect(decideWithinHours).toBeGreaterThanOrEqual(1);
      for (const other of weights)
        if (other.severity > severity) expect(other.decideWithinHours).toBeLessThanOrEqual(decideWithinHours);
    }
  });

  it('goes before all else where it is a danger to life or to a child, and is decided within the hour', () => {
    const first = reasonsOf('abuse').filter((reason) => abuseRules.weigh(reason).first);
    expect([...first].sort()).toEqual(['child_safety', 'self_harm']);
    for (const reason of first) expect(abuseRules.weigh(reason)).toMatchObject({ severity: 10, decideWithinHours: 1 });
  });

  it('is graver against a person than against the peace of the game; what nobody weighed is taken for harm', () => {
    const [threat, hatred, harassment, name, spam, unknown] = [
      ...['threat', 'hate_speech', 'harassment', 'offensive_name', 'spam', 'not_known_yet'],
    ].map((reason) => abuseRules.weigh(reason).severity);
    expect([threat, hatred, harassment, name, spam]).toEqual([threat, hatred, harassment, name, spam].sort((a, b) => b! - a!));
    expect(new Set([threat, hatred, harassment, name, spam]).size).toBe(5);
    expect(unknown).toBe(harassment);
  });
});

describe('the clauses of conduct', () => {
  const entries = Object.entries(abuseClauses);

  it.each(entries)('%s says what it forbids, where the player agreed to it, and what the database calls it', (_, clause) => {
    expect(clause.title).toMatch(/^[a-z][a-z ]+[a-z]$/);
    expect(clause.provision).toMatch(/^Rules of conduct, section [1-9]\.[1-9]$/);
    expect(statementCategories).toContain(clause.category);
  });

  it('are all different', () => {
    for (const field of ['title', 'provision'] as const)
      expect(new Set(entries.map(([, clause]) => clause[field])).size).toBe(entries.length);
  });

  it('name the law, and where it can be read, where they are about what it forbids, and only there', () => {
    for (const [name, { ground, law, url }] of entries) {
      const illegal = name.startsWith('law/');
      expect(ground).toBe(illegal ? 'DECISION_GROUND_ILLEGAL_CONTENT' : 'DECISION_GROUND_INCOMPATIBLE_CONTENT');
      if (!illegal) expect({ law, url }).toEqual({});
      else {
        expect(law).toMatch(/Articles? \d/);
        expect(url).toMatch(/^https:\/\/eur-lex\.europa\.eu\/eli\/.+\/oj$/);
      }
    }
    expect(abuseClauses['law/1.1']).toMatchObject({ category: 'STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH' });
    expect(abuseClauses['law/1.2']).toMatchObject({ category: 'STATEMENT_CATEGORY_PROTECTION_OF_MINORS' });
  });

  it('leave room for rules that a game has of its own', () => {
    expect(abusePolicy.otherClause).toEqual({
      title: expect.stringMatching(/^[a-z][a-z ]+$/),
      provision: 'Rules of conduct',
      ground: 'DECISION_GROUND_INCOMPATIBLE_CONTENT',
      category: 'STATEMENT_CATEGORY_CYBER_VIOLENCE',
      content: ['CONTENT_TYPE_TEXT'],
    });
  });
});

describe('what the abuse team imposes', () => {
  it('needs nobody else to agree, and is of any kind that it suggests', () => {
    expect(abusePolicy.needsApproval([{ kind: 'ban' }], { openReports: [], priorStrikes: 9 })).toBe(false);
    expect([...abusePolicy.sanctionKinds].sort()).toEqual(['ban', 'mute', 'suspend', 'warn']);
  });

  it('gets graver with each strike, step by step, until there is nothing graver', () => {
    const rank = ['warn', 'mute', 'suspend', 'ban'];
    for (const reason of reasonsOf('abuse')) {
      const openReports = [{ reportId: 'r1', reason, filedAt: '2026-01-31T12:00:00.000Z' }];
      const ladder = Array.from({ length: 9 }, (_, priorStrikes) => {
        const [suggested, ...others] = abusePolicy.suggestedSanctions({ openReports, priorStrikes });
        expect(others).toEqual([]);
        expect(abusePolicy.sanctionKinds).toContain(suggested!.kind);
        return suggested!;
      });
      expect(ladder.at(-1)).toEqual({ kind: 'ban' });
      for (const [index, { kind, durationHours = Infinity }] of ladder.slice(1).entries()) {
        const before = ladder[index]!;
        expect(rank.indexOf(kind)).toBeGreaterThanOrEqual(rank.indexOf(before.kind));
        if (kind === before.kind && kind !== 'ban') expect(durationHours).toBeGreaterThan(before.durationHours!);
      }
      for (const { kind, durationHours } of ladder) expect(durationHours === undefined).toBe(kind === 'warn' || kind === 'ban');
    }
  });
});
