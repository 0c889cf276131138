import { describe, expect, it } from '@jest/globals';
import { readReportForm } from '@ringside/intake-domain';
import { generateReports, type GeneratedReport, type GeneratorOptions } from './generate-reports.js';
import { reasonsByCategory, type ReasonMix } from './reason-mix.js';

const startedAt = Date.parse('2026-01-31T12:00:00.000Z');

function take(count: number, options: Partial<GeneratorOptions> = {}): readonly GeneratedReport[] {
  const stream = generateReports({ seed: 'one', run: 'run', startedAt, ...options });
  return Array.from({ length: count }, () => stream.next().value);
}

function countBy<T>(items: readonly T[], nameOf: (item: T) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(nameOf(item), (counts.get(nameOf(item)) ?? 0) + 1);
  return counts;
}

const many = take(20_000);
const perSubject = [...countBy(many, ({ form }) => form.subjectId).values()].sort((a, b) => b - a);

describe('generateReports', () => {
  it('gives the same stream to the same seed, and another one to another', () => {
    expect(take(500)).toEqual(take(500));
    expect(take(500, { seed: 'two' })).not.toEqual(take(500));
  });

  it('keeps runs apart', () => {
    const ids = (run: string) => take(500, { run }).flatMap(({ key, form }) => [key, form.reporterId, form.subjectId]);
    const first = new Set(ids('run1'));
    expect(ids('run2').filter((id) => first.has(id))).toEqual([]);
  });

  it('makes forms that intake takes, each under a key of its own', () => {
    const refused = many.map(({ form }) => readReportForm(form, startedAt)).filter((read) => !read.ok);
    expect(refused).toEqual([]);
    expect(many.filter(({ form }) => form.reporterId === form.subjectId)).toEqual([]);
    expect(new Set(many.map(({ key }) => key)).size).toBe(many.length);
  });

  it('reports abuse, cheating and the rest as often as published', () => {
    const share = (category: keyof ReasonMix): number =>
      many.filter(({ form }) => reasonsByCategory[category].some(({ reason }) => reason === form.reason)).length / many.length;
    expect(Math.abs(share('abuse') - 0.47)).toBeLessThan(0.015);
    expect(Math.abs(share('cheating') - 0.41)).toBeLessThan(0.015);
    expect(Math.abs(share('other') - 0.12)).toBeLessThan(0.015);
  });

  it('takes another mix', () => {
    const forms = take(500, { mix: { abuse: 0, cheating: 0, other: 1 } }).map(({ form }) => form);
    expect(new Set(forms.map(({ reason }) => reason))).toEqual(new Set(['griefing', 'other']));
  });

  it('reports a subject about seven times, half of them at most a few times and some very often', () => {
    const mean = many.length / perSubject.length;
    expect(mean).toBeGreaterThan(6.3);
    expect(mean).toBeLessThan(7.7);
    expect(perSubject[perSubject.length >> 1]).toBeLessThanOrEqual(3);
    expect(perSubject[0]).toBeGreaterThan(100);
    expect(perSubject[0]! / many.length).toBeLessThan(0.1);
  });

  it('has the same mean in a short run', () => {
    const runs = Array.from({ length: 40 }, (_, index) => take(300, { seed: `short-${index}` }));
    const subjects = runs.reduce((sum, run) => sum + new Set(run.map(({ form }) => form.subjectId)).size, 0);
    expect((40 * 300) / subjects).toBeGreaterThan(6);
    expect((40 * 300) / subjects).toBeLessThan(8);
  });

  it('lets one reporter in a hundred file a flood', () => {
    const perReporter = [...countBy(many, ({ form }) => form.reporterId).values()];
    const floods = perReporter.filter((reports) => reports >= 10).length / perReporter.length;
    expect(floods).toBeGreaterThan(0.005);
    expect(floods).toBeLessThan(0.015);
  });

  it('sends evidence with some, and a description where the dialog asks for one', () => {
    const withEvidence = many.filter(({ form }) => form.evidence !== undefined).length / many.length;
    expect(withEvidence).toBeGreaterThan(0.3);
    expect(withEvidence).toBeLessThan(0.7);
    expect(many.filter(({ form }) => form.reason === 'other' && form.description === undefined)).toEqual([]);
  });

  it('reports some subjects in two games', () => {
    const games = new Map<string, Set<string>>();
    for (const { form } of many) games.set(form.subjectId, (games.get(form.subjectId) ?? new Set()).add(form.game));
    expect([...games.values()].filter(({ size }) => size === 2).length).toBeGreaterThan(10);
  });
});
