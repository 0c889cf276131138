import type { CaseFile, CaseworkPolicy } from '@ringside/casework';
import type { Random } from '@ringside/random';
import type { CommandContent } from '@ringside/team-kit';

interface Worker {
  readonly random: Random;
  readonly policy: CaseworkPolicy;
  readonly canReroute: boolean;
}

/** Something that a case worker may want of a case, sensible or not: what does not fit is refused. */
export function commandOn(file: CaseFile, { random, policy, canReroute }: Worker): CommandContent {
  const decisions = Object.values(file.decisions);
  if (decisions.length > 0 && random.chance(0.35)) return onDecision(random.pick(decisions), random);
  const kinds = [
    'claim',
    'claim',
    'note',
    'note',
    'note',
    'decide',
    'decide',
    'decide',
    'decide',
    'release',
    'hold',
    'resume',
    'escalate',
    'hand_over',
  ];
  const kind = canReroute && random.chance(0.5) ? 'reroute' : random.pick(kinds);
  const reason = 'Because of what was found.';
  switch (kind) {
    case 'note':
      return { kind, text: 'Looked at it.' };
    case 'hold':
    case 'escalate':
      return { kind, reason };
    case 'hand_over':
      return { kind, to: 'worker-2', reason };
    case 'reroute':
      return { kind, reason: random.pick(['aimbot', 'harassment', 'griefing']) };
    case 'decide':
      return decide(random, policy);
    default:
      return { kind };
  }
}

function decide(random: Random, policy: CaseworkPolicy): CommandContent {
  const verdict = random.pick(['uphold', 'uphold', 'dismiss', 'inconclusive']);
  const clauses = Object.keys(policy.clauses);
  if (verdict !== 'uphold') return { kind: 'decide', verdict, facts: 'Nothing was found.', sanctions: [] };
  const isSuspended = policy.sanctionKinds.includes('suspend') && random.chance(0.5);
  const isBanned = policy.sanctionKinds.includes('ban') && random.chance(0.2);
  const sanctions = isBanned ? [{ kind: 'ban' }] : isSuspended ? [{ kind: 'suspend', durationHours: 24 }] : [{ kind: 'warn' }];
  return {
    ...{ kind: 'decide', verdict, facts: 'It was seen.' },
    ...(clauses.length > 0 && { clause: random.pick(clauses) }),
    sanctions: policy.sanctionKinds.length === 0 ? [] : sanctions,
  };
}

function onDecision({ decisionId }: { readonly decisionId: string }, random: Random): CommandContent {
  const reason = 'On second thoughts.';
  const kind = random.pick(['approve', 'reject', 'revert']);
  return kind === 'approve' ? { kind, decisionId } : { kind, decisionId, reason };
}
