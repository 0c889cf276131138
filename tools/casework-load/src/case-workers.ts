import { setTimeout as pause } from 'node:timers/promises';
import type { Asked, Given } from './case-model.js';
import { look, lookAtDecision, sendOnce, streamVersionOf } from './case-requests.js';
import type { Desk, Seen, Sending, Worker } from './case-requests.js';

/** A command of unknown outcome is mostly sent again, and not for ever. */
const sendingsMax = 4;
/** Some cases are everybody's: that is where people are in each other's way. */
const busyCases = 6;

/** Gives commands until the time is over. */
export async function work(desk: Desk, worker: Worker, signal: AbortSignal): Promise<void> {
  const { random } = worker;
  const known = new Map<string, Seen>();
  for (let command = 0; !signal.aborted; command++) {
    if (desk.thinkingMsMax > 0) await pause(random.below(desk.thinkingMsMax));
    const caseId = desk.caseIds[random.chance(0.6) ? random.below(busyCases) : random.below(desk.caseIds.length)]!;
    // Often on what they saw some time ago, as people do.
    const seen = (random.chance(0.4) && known.get(caseId)) || (await look(desk, worker, caseId));
    if (seen === undefined) {
      await pause(50 + random.below(100));
      continue;
    }
    const given: Given = {
      caseId,
      key: `${worker.sub}-${command}`,
      by: { sub: worker.sub, isLead: worker.isLead },
      streamVersion: streamVersionOf(seen.version),
      reportsSeen: seen.reportCount,
      asked: choose(desk, worker, { ...seen, reportsKnown: Math.min(seen.reportCount, desk.reportIds.get(caseId)!.length) }),
    };
    const version = await give(desk, worker, { given, version: seen.version }, signal);
    if (version === undefined) known.delete(caseId);
    else known.set(caseId, { ...seen, version });
    if (random.chance(0.1)) await lookAtDecision(desk, worker, caseId, seen);
  }
}

/** Mostly what the case as it was seen allows. `reportsKnown`: a report may be in the case before whoever filed it has heard its id. */
function choose(
  desk: Desk,
  { sub, isLead, random }: Worker,
  { claim, heldSince, decisions, reportsKnown }: Seen & { readonly reportsKnown: number },
): Asked {
  const inEffect = decisions.filter(({ state }) => state === 'in_effect');
  if (isLead && inEffect.length > 0 && random.chance(0.4)) {
    return { kind: 'revert', decisionId: random.pick(inEffect).decisionId };
  }
  if (claim?.by === sub) {
    if (heldSince !== null && random.chance(0.8)) return { kind: 'resume' };
    switch (random.below(8)) {
      case 0:
        return { kind: 'release' };
      case 1:
        return { kind: 'hand-over', to: random.pick(desk.subs) };
      case 2:
        return { kind: 'hold' };
      case 3:
      case 4:
        return { kind: 'assemble-evidence', report: random.below(reportsKnown) };
      default:
        return { kind: 'decide', uphold: random.chance(0.6) };
    }
  }
  if (claim === null && random.chance(0.7)) return { kind: 'claim' };
  return random.pick<Asked>([
    { kind: 'note' },
    { kind: 'note' },
    { kind: 'claim' },
    { kind: 'release' },
    { kind: 'hand-over', to: random.pick(desk.subs) },
    { kind: 'escalate' },
    { kind: 'decide', uphold: false },
  ]);
}

/** Answers with the version that the command led to; undefined where it led to none, or nobody knows. */
async function give(desk: Desk, worker: Worker, sending: Sending, signal: AbortSignal): Promise<number | undefined> {
  for (let time = 0; time < sendingsMax; time++) {
    const answer = await sendOnce(desk, worker, sending);
    if (answer !== 'unknown') return answer;
    if (signal.aborted || worker.random.chance(0.25)) return undefined;
    await pause(50 + worker.random.below(400));
  }
  return undefined;
}
