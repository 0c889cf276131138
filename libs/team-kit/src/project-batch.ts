import { UnavailableError, type JsonObject, type ProjectedRecord, type Projection, type RowKey } from '@ringside/core';
import type { RingsideEvent } from '@ringside/events';
import { readTogetherRowsMax, type Row } from '@ringside/view-store';

import { checkStorable } from './check-rows.js';
import { Figures } from './figures.js';
import { firstMissing, hasPosition, noPositions, withPosition, type Positions } from './positions.js';
import { RowCache, type StagedRows } from './row-cache.js';
import type { Subscriber } from './subscriber.js';
import type { ViewRows } from './view-rows.js';

/** An event at its place in its source partition. */
export interface OrdinalEvent {
  readonly event: RingsideEvent;
  /** Absent where the event is in hand without it. */
  readonly record?: ProjectedRecord;
  /** Topic and partition that it came from. */
  readonly source: string;
  /** Counts the events of the source partition, from 1: the timestamp of what this one writes. */
  readonly ordinal: number;
}

export type ProjectOutcome = 'projected' | 'duplicate' | 'not_captured';

/** The event comes behind others of its stream that the view does not have: nothing of it is kept. */
export interface Gap {
  readonly gap: string;
}

/** Projects the events of a batch, one after the other, over rows that are fetched together. */
export class BatchProjector {
  private readonly cache = new RowCache();
  /** Events that did not tell which rows to fetch, with what was thrown. */
  private readonly unfetched = new Map<RingsideEvent, unknown>();
  private readonly ownFigures = new Figures();
  /** Whether a view contained an event already: in views that are filled from nothing, and in the log's order, none does. */
  hasFoundContained = false;

  constructor(
    private readonly subscriber: Subscriber,
    private readonly views: ViewRows,
    /** Given by a caller that adds them up over several batches. */
    private readonly figures?: Figures,
  ) {}

  /**
   * Fetches whatever the events name, in one round. An event that cannot name its rows throws when it is projected. Rejects as
   * {@link project} does.
   */
  async fetch(events: Iterable<RingsideEvent>): Promise<void> {
    const wanted: RowKey[] = [];
    for (const event of events) {
      try {
        wanted.push(...this.rowsOf(event));
      } catch (error) {
        this.unfetched.set(event, error);
      }
    }
    await this.load(this.cache.missing(wanted));
  }

  /**
   * On a store that writes in stages, whoever had the source partition before may still have a write under way: what is read of an entity
   * must not be partly from before it and partly from behind it.
   */
  private async load(rows: readonly RowKey[]): Promise<void> {
    if (rows.length === 0) return;
    const pieces = this.cache.pieces(rows, readTogetherRowsMax);
    const found = await Promise.all(pieces.map((piece) => this.views.getMany(piece)));
    const areOneState = pieces.map((piece, i) => this.cache.load(piece, found[i]!));
    if (areOneState.includes(false))
      throw new UnavailableError('view-store', 'Rows were changed while they were read: an earlier write came late.');
  }

  private rowsOf(event: RingsideEvent): readonly RowKey[] {
    const rows: RowKey[] = [];
    const telling: RowKey[] = [];
    const seen = this.seenRow(event);
    if (seen !== undefined) rows.push(seen);
    for (const projection of this.subscriber.projections) {
      const entity = projection.entity(event);
      if (entity === undefined) continue;
      const tellers = projection.sequence === undefined ? [entity] : [entity, sequenceRow(entity)];
      telling.push(...tellers);
      rows.push(...tellers);
      for (const row of projection.reads?.(event) ?? []) rows.push(inPartitionOf(entity, row, projection));
    }
    for (const row of rows) checkStorable(row);
    for (const row of telling) this.cache.tells(row);
    return rows;
  }

  /**
   * Throws what a projection throws, and for a row that cannot be stored; nothing of the event is kept then. Where a projection
   * asked for rows that it had not named, they are fetched, and it is run again from the start: it is pure. Rejects with
   * `UnavailableError` where these are not of the state that was fetched before: the batch has to begin anew.
   */
  project(at: OrdinalEvent): ProjectOutcome | Gap | Promise<ProjectOutcome | Gap> {
    let thrown: unknown;
    let outcome: ProjectOutcome | Gap | undefined;
    try {
      outcome = this.projectOnce(at);
    } catch (error) {
      thrown = error;
    }
    const asked = this.cache.takeAsked();
    if (asked.length > 0) {
      this.cache.rollback();
      return this.projectWith(asked, at);
    }
    if (outcome === undefined) throw thrown;
    return outcome;
  }

  private async projectWith(asked: readonly RowKey[], at: OrdinalEvent): Promise<ProjectOutcome | Gap> {
    for (const row of asked) checkStorable(row);
    await this.load(asked);
    return this.project(at);
  }

  private projectOnce({ event, record, source, ordinal }: OrdinalEvent): ProjectOutcome | Gap {
    if (this.unfetched.has(event)) throw this.unfetched.get(event);
    const seen = this.seenRow(event);
    if (seen !== undefined) {
      const firstSeen = this.cache.timestamp(seen);
      if (firstSeen !== 0 && firstSeen < ordinal) return 'duplicate';
    }
    const gap = this.gapBefore(event);
    if (gap !== undefined) return gap;
    const added: [RowKey, Readonly<Record<string, number>>][] = [];
    let captured = false;
    let passedOver = true;
    this.cache.mark();
    try {
      for (const projection of this.subscriber.projections) {
        const entity = projection.entity(event);
        if (entity === undefined) continue;
        captured = true;
        this.cache.guard(entity);
        const sequence = projection.sequence?.(event);
        const known = sequence === undefined ? undefined : this.known(entity);
        // The view contains it: an earlier attempt was stored in part.
        const isContained = Math.max(this.cache.timestamp(entity), known?.ordinal ?? 0) >= ordinal;
        if (!isContained && known !== undefined && hasPosition(known.positions, sequence!)) continue;
        passedOver = false;
        if (isContained) {
          this.hasFoundContained = true;
          continue;
        }
        if (known !== undefined) {
          const positions = withPosition(known.positions, sequence!);
          this.cache.set(sequenceRow(entity), positions as unknown as JsonObject, ordinal);
        }
        this.cache.admit(entity);
        for (const write of projection.project(event, this.cache, record)) {
          if (write.kind === 'count') {
            const row = { table: write.table, partition: write.partition, key: `${write.key}#${source}` };
            checkStorable(row, write.amounts);
            added.push([row, write.amounts]);
          } else {
            const value = write.kind === 'put' ? write.value : undefined;
            checkStorable(write, value);
            this.cache.set(write, value, ordinal, write.kind === 'put' && write.isNew);
          }
        }
      }
    } catch (error) {
      this.cache.rollback();
      throw error;
    }
    if (!captured) return 'not_captured';
    if (this.cache.hasAsked) return 'projected'; // void: it is run again
    if (passedOver) return 'duplicate';
    if (seen !== undefined && this.cache.timestamp(seen) === 0) this.cache.set(seen, {}, ordinal);
    for (const [row, amounts] of added) (this.figures ?? this.ownFigures).count(row, ordinal, amounts);
    return 'projected';
  }

  /** All rows to write: those by which an event counts as contained, or as seen, last, so that all else is there by then. */
  async writes(): Promise<StagedRows> {
    await this.ownFigures.addTo(this.cache, this.views);
    return this.cache.writes((table) => this.views.physical(table));
  }

  /** A row that these events wrote, as they left it. */
  writtenRow(row: RowKey): Row | undefined {
    return this.cache.writtenRow(row);
  }

  private gapBefore(event: RingsideEvent): Gap | undefined {
    for (const projection of this.subscriber.projections) {
      const entity = projection.sequence && projection.entity(event);
      if (entity === undefined) continue;
      const sequence = projection.sequence!(event);
      const follows = projection.follows?.(event) ?? sequence - 1;
      const { positions } = this.known(entity);
      if (follows === 0 || hasPosition(positions, follows) || hasPosition(positions, sequence)) continue;
      const lacks = firstMissing(positions, follows);
      return { gap: `It has position ${sequence} of its stream, and ${projection.name} lacks ${lacks}.` };
    }
    return undefined;
  }

  /** How far a view has the stream of this entity's partition, and which event of the source was the last. */
  private known(entity: RowKey): { readonly positions: Positions; readonly ordinal: number } {
    const row = sequenceRow(entity);
    const positions = (this.cache.get(row) as unknown as Positions | undefined) ?? noPositions;
    return { positions, ordinal: this.cache.timestamp(row) };
  }

  private seenRow(event: RingsideEvent): RowKey | undefined {
    const identity = this.subscriber.identity?.(event);
    if (identity === undefined) return undefined;
    this.cache.guard(identity);
    return { table: identity.table, partition: identity.partition, key: `seen/${event.id}` };
  }
}

const sequenceRow = ({ table, partition }: RowKey): RowKey => ({ table, partition, key: 'sequence' });

function inPartitionOf(entity: RowKey, row: RowKey, projection: Projection<RingsideEvent>): RowKey {
  if (row.table === entity.table && row.partition === entity.partition) return row;
  throw new Error(
    `${projection.name} reads ${row.table}/${row.partition}: a projection reads from its entity's partition alone.`,
  );
}
