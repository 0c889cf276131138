import type { Draft } from '../parse/draft.js';
import type { Found } from '../parse/policy-fault.js';

/** A rule of the ring: what a draft has that goes against it. */
export type Rule = (draft: Draft) => readonly Found[];

const rules: readonly Rule[] = [];

/** What a policy must not say although each of its words is in place. */
export const contradictions: Rule = (draft) => rules.flatMap((rule) => rule(draft));
