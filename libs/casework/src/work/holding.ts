import { err, ok, type IsoTime } from '@ringside/core';

import { takeStep } from './case-step.js';
import type { CaseWork } from './case-work.js';
import type { Handler } from './lifecycle-table.js';
import { faultOfText, refuse } from './refusal.js';

export const hold: Handler<'hold'> = (_work, command, policy) => {
  const { reason, background } = command;
  const fault = faultOfText(reason, 'reason', 'Say what the case waits for: its deadlines stand still meanwhile.');
  if (fault) return err(fault);
  const whyNot = policy.whyNotHeld(background);
  if (whyNot !== undefined) return refuse('wrong_state', whyNot);
  return ok([takeStep(command, 'CaseHeld', { reason })]);
};

/** How long the clock of the case stood still by then, with the hold that runs. */
export const pausedMsAt = ({ held, pausedMs }: Pick<CaseWork, 'held' | 'pausedMs'>, at: IsoTime): number =>
  pausedMs + (held === null ? 0 : Math.max(0, Date.parse(at) - Date.parse(held.since)));

export const resume: Handler<'resume'> = (work, command) => {
  if (command.reason !== undefined && work.held?.reason !== command.reason) {
    return refuse('wrong_state', 'The case is on hold for another reason by now, and stays so.');
  }
  return ok([takeStep(command, 'CaseResumed', { pausedMs: pausedMsAt(work, command.at) })]);
};

export const note: Handler<'note'> = ({ lastNote }, command) => {
  const { text, at, by } = command;
  const fault = faultOfText(text, 'text', 'A note has a text.');
  if (fault) return err(fault);
  const again = lastNote !== null && lastNote.by === by.sub && lastNote.at === at && lastNote.text === text;
  return ok(again ? [] : [takeStep(command, 'CaseNoted', { text })]);
};

export const escalate: Handler<'escalate'> = (_work, command) => {
  const { reason } = command;
  const fault = faultOfText(reason, 'reason', 'Say what a lead has to look at.');
  return fault ? err(fault) : ok([takeStep(command, 'CaseEscalated', { reason })]);
};
