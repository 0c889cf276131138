import * as z from 'zod';
import { defineEvent, firstVersion, type EventOf } from './define-event.js';
import { isoTime, line, opaqueId, regionName } from './fields.js';
import { ringTopic } from './topics.js';

/** Terms of one region's casework go up to here, and each adds one when another region begins to serve it. */
export const termsMax = 255;
/** A step's version is its term times this, plus a count that goes on from term to term. */
export const stepsPerTerm = 2 ** 24;

/**
 * Another region, or itself again, works the cases whose home is `home`, from this term on. Of two steps of one case, that of the
 * higher term counts: a region that was away and comes back cannot decide what was decided in its place.
 */
export const regionPromoted = defineEvent({
  type: 'RegionPromoted',
  topic: ringTopic,
  stream: ({ home }) => `region-${home}`,
  sequence: ({ term }) => term,
  versions: firstVersion({
    data: z.strictObject({
      home: regionName,
      /** The region that takes commands on cases of `home` from now on. */
      servedBy: regionName,
      /** From 1 on; before the first promotion a region serves its own cases in term 0. */
      term: z.int().min(1).max(termsMax),
      /**
       * Who decided it: the `sub` of a token, or what was given on the command line. An opaque id of the operators' directory, for it
       * is in every region, for ever.
       */
      by: opaqueId,
      /** What happened to the region. It must not name persons. */
      reason: line(256),
    }),
    key: 'home',
  }),
});
export type RegionPromoted = EventOf<typeof regionPromoted>;

export const ringOperations = ['plan', 'apply', 'audit', 'repair'] as const;
export const ringDifferencesMax = 200;

/** Somebody looked at a region's configuration, or changed it: the record that an auditor reads. */
export const ringOperated = defineEvent({
  type: 'RingOperated',
  topic: ringTopic,
  stream: ({ runId }) => `ring-run-${runId}`,
  sequence: () => 1,
  versions: firstVersion({
    data: z.strictObject({
      runId: opaqueId,
      operation: z.enum(ringOperations),
      /** The region that was looked at. */
      about: regionName,
      /** As in {@link regionPromoted}: an opaque id of an operator. */
      by: opaqueId,
      startedAt: isoTime,
      /** SHA-256 of the policy, in hexadecimal. */
      policy: line(64),
      outcome: z.enum(['in_order', 'differs', 'applied', 'failed', 'refused']),
      /** The first {@link ringDifferencesMax} of them: what is set otherwise than the policy says, and by which rule of it. */
      differences: z
        .array(z.strictObject({ at: line(512), rule: line(256), wanted: line(1_024), live: line(1_024) }))
        .max(ringDifferencesMax),
      /** All of them, also those beyond. */
      differenceCount: z.int().min(0),
      /** What came of it, or what was in the way. It is about servers, and must not name persons. */
      detail: line(1_024).exactOptional(),
    }),
    key: 'about',
  }),
});
export type RingOperated = EventOf<typeof ringOperated>;
