import { describe, expect, it } from '@jest/globals';
import { decisionGrounds, statementCategories } from '@ringside/casework';
import { reasonsOf, reportReasons } from '@ringside/events';

import { cheatingClauses, cheatingPolicy } from './cheating-policy.js';
import { cheatingRules } from './cheating-rules.js';

const weightOf = (reason: string) => cheatingRules.weigh(reason);

describe('what the cheating team captures', () => {
  it('is what the contract gives to it, and nothing else', () => {
    expect(cheatingRules.team).toBe('cheating');
    expect(cheatingPolicy.team).toBe('cheating');
    const captured = reportReasons.map(({ reason }) => reason).filter((reason) => cheatingRules.captures(reason));
    expect(captured).toEqual(reasonsOf('cheating'));
    expect(cheatingRules.captures('not_known_yet')).toBe(false);
    expect(cheatingRules.captures('')).toBe(false);
  });

  it('is weighed from 1 to 10, and decided the sooner the graver it is', () => {
    const weights = [...reasonsOf('cheating'), 'not_known_yet'].map(weightOf);
    for (const { severity, decideWithinHours, first } of weights) {
      expect(severity).toBeGreaterThanOrEqual(1);
      expect(severity).toBeLessThanOrEqual(10);
      expect(decideWithinHours).toBeGreaterThanOrEqual(24);
      expect(first).toBeUndefined();
      for (const other of weights)
        if (other.severity > severity) expect(other.decideWithinHours).toBeLessThanOrEqual(decideWithinHours);
    }
  });

  it('is grave where the match is spoiled for everybody in it, and mild where it is between players', () => {
    const spoils = ['aimbot', 'wallhack', 'speedhack'].map((reason) => weightOf(reason).severity);
    const others = ['macro', 'boosting', 'account_sharing', 'spam'].map((reason) => weightOf(reason).severity);
    expect(Math.min(...spoils)).toBeGreaterThan(weightOf('not_known_yet').severity);
    expect(Math.max(...others)).toBeLessThan(weightOf('not_known_yet').severity);
  });
});

describe('the clauses of fair play', () => {
  it.each(Object.entries(cheatingClauses))('%s says what it forbids and where the player agreed to it', (name, clause) => {
    expect(clause.title).toMatch(/^[a-z][a-z ,]+[a-z]$/);
    expect(clause.provision).toBe(`Fair play rules, section ${name.split('/')[1]}`);
    expect(clause.ground).toBe(decisionGrounds[0]);
    expect(statementCategories).toContain(clause.category);
    expect(clause.law).toBeUndefined();
  });

  it('are all different, and cover more than one kind of cheating', () => {
    const titles = Object.values(cheatingClauses).map(({ title }) => title);
    expect(titles.length).toBeGreaterThan(5);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('have fraud as the category of accounts that advertise alone', () => {
    const ofFraud = Object.entries(cheatingClauses).filter(([, { category }]) => category.endsWith('SCAMS_AND_FRAUD'));
    expect(ofFraud.map(([name]) => name)).toEqual(['fair-play/4.1']);
  });

  it('leave room for rules that a game has of its own', () => {
    expect(cheatingPolicy.otherClause).toEqual({
      title: expect.stringMatching(/^[a-z][a-z ]+$/),
      provision: 'Fair play rules',
      ground: 'DECISION_GROUND_INCOMPATIBLE_CONTENT',
      category: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
    });
  });
});
