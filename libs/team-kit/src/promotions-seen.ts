import { ringTermsTable, servingRow } from '@ringside/data-ring';

import type { Pipeline } from './pipeline.js';

/** How long after the last time what keeps other events waiting is tried again, in ms. */
const blockingAgainMs = 15_000;

/**
 * When to try again what is parked, in a ring: all of it when another region was promoted, and from time to time what keeps others
 * waiting. An appeal may wait for steps that are still under way, or for a promotion that this region has not heard of, and either
 * comes on another topic than the appeal.
 */
export class PromotionsSeen {
  /** By topic: each has what is parked of it tried again. */
  private readonly seen = new Map<string, { readonly terms: string; readonly at: number }>();

  constructor(private readonly pipeline: Pick<Pipeline, 'subscriber' | 'views'>) {}

  /** To be asked where something is parked. */
  async whatToTry(topic: string): Promise<'all' | 'blocking' | 'nothing'> {
    const { subscriber, views } = this.pipeline;
    const { placement, projections } = subscriber;
    if (placement.tenant === undefined || !projections.some(({ tables }) => tables.includes(ringTermsTable))) return 'nothing';
    const rows = await views.getMany(placement.regions.map(servingRow));
    const terms = JSON.stringify(rows.map((row) => row?.value['term'] ?? 0));
    const before = this.seen.get(topic);
    const now = performance.now();
    if (before?.terms === terms && now - before.at < blockingAgainMs) return 'nothing';
    this.seen.set(topic, { terms, at: now });
    return before?.terms === terms ? 'blocking' : 'all';
  }
}
