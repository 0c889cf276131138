import { isoTime, ok, type IsoTime } from '@ringside/core';
import { bySystem } from '@ringside/events';

import type { CommandContext } from './case-command.js';
import { takeStep } from './case-step.js';
import type { CaseWork } from './case-work.js';
import type { CaseworkPolicy } from './casework-policy.js';
import type { Handler } from './lifecycle-table.js';
import { faultOfName, faultOfText, refuse } from './refusal.js';

/** The claim that counts at a time: a lease that ran out is none, whether or not anybody said so yet. */
export const runningClaim = ({ claim }: CaseWork, at: IsoTime): CaseWork['claim'] =>
  claim !== null && claim.until > at ? claim : null;

const leaseUntil = ({ at }: CommandContext, { leaseMinutes }: CaseworkPolicy): IsoTime =>
  isoTime(Date.parse(at) + leaseMinutes * 60_000);

/** By the holder, it renews the lease; where that would not lengthen it, nothing happens. */
export const claim: Handler<'claim'> = (work, command, policy) => {
  const until = leaseUntil(command, policy);
  const running = runningClaim(work, command.at);
  if (running === null) return ok([takeStep(command, 'CaseClaimed', { until })]);
  return ok(until > running.until ? [takeStep(command, 'CaseClaimRenewed', { until })] : []);
};

export const release: Handler<'release'> = (work, command) => {
  const by = runningClaim(work, command.at)?.by;
  if (command.of !== undefined && by !== command.of) return refuse('wrong_state', `${by} holds the case by now, and keeps it.`);
  return ok([takeStep(command, 'CaseReleased', { because: 'released' })]);
};

export const handOver: Handler<'hand_over'> = (work, command, policy) => {
  const { to, reason } = command;
  const fault = faultOfName(to, 'to') ?? faultOfText(reason, 'reason', 'Say why the case goes to somebody else.');
  if (fault) return { ok: false, error: fault };
  if (to === bySystem) return refuse('invalid', 'Name the person who takes the case over.', '/to');
  if (runningClaim(work, command.at)?.by === to) return refuse('wrong_state', `${to} holds the case already.`, '/to');
  return ok([takeStep(command, 'CaseHandedOver', { to, until: leaseUntil(command, policy), reason })]);
};
