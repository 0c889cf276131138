import type { CaseStep } from '@ringside/casework';
import { naturalId, type JsonObject } from '@ringside/core';
import {
  caseEventDefinitions,
  createEvent,
  decodeEvent,
  InvalidEventError,
  opaqueIdCharactersMax,
  type CaseEvent,
  type EventDefinition,
} from '@ringside/events';
import type { NewStreamEvent, StreamEvent } from '@ringside/view-store';

/** The case that a stream is about: in the data of all of its events. */
export interface CaseSubject {
  readonly caseId: string;
  readonly team: string;
  readonly game: string;
  readonly subjectId: string;
}

/** Who writes the events of a stream, and on which command. */
export interface StepOrigin {
  readonly region: string;
  /** The service. */
  readonly source: string;
  readonly commandId: string;
}

/** Each term of a case has a stream of its own, so that nothing that is left of an earlier one is written behind its steps. */
export const streamOf = (caseId: string, term = 0): string => (term === 0 ? `case-${caseId}` : `case-${caseId}@${term}`);

/** The case and the term that a stream is of. */
export function partsOfStream(stream: string): { readonly caseId: string; readonly term: number } {
  const [, caseId, term = '0'] = /^case-(.*?)(?:@(\d+))?$/s.exec(stream) ?? [];
  if (caseId === undefined) throw new Error(`"${stream}" is no stream of a case.`);
  return { caseId, term: Number(term) };
}

const definitionOf = new Map<string, EventDefinition>(caseEventDefinitions.map((definition) => [definition.type, definition]));

/** How the events that a command led to name it. */
export const causationOf = (commandId: string): string =>
  commandId.length <= opaqueIdCharactersMax ? commandId : naturalId(commandId);

/** The event that a step becomes, at its version of the case. */
export function caseEventOf(subject: CaseSubject, step: CaseStep, caseVersion: number, origin: StepOrigin): CaseEvent {
  const { region, source, commandId } = origin;
  const { caseId, team, game, subjectId } = subject;
  // The step's own fields last: what is added behind a spread costs V8 more than all else here.
  const data = { caseId, team, game, subjectId, caseVersion, by: step.by, ...step.data };
  const causationId = causationOf(commandId);
  return createEvent(definitionOf.get(step.type)!, { data, time: step.at, region, source, causationId }) as CaseEvent;
}

/**
 * A stream keeps the whole envelope, as the log would: it is brought to the current version when it is read. Of an event that was
 * found to be of the contract, by encoding it.
 */
export const toStreamEvent = (event: CaseEvent): NewStreamEvent => ({
  id: event.id,
  type: event.type,
  data: event as unknown as JsonObject,
});

/** Throws {@link InvalidEventError} for what is not of the contract: a newer release wrote it, or it is damaged. */
export function fromStreamEvent({ data }: StreamEvent): CaseEvent {
  const decoded = decodeEvent(Buffer.from(JSON.stringify(data)));
  if (!decoded.ok) throw new InvalidEventError(decoded.error);
  return decoded.value as CaseEvent;
}
