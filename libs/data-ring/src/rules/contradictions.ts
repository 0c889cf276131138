import type { Draft } from '../parse/draft.js';
import type { Found } from '../parse/policy-fault.js';
import { homesRule } from './homes.js';
import { namesRule } from './names.js';
import { regionsRule } from './regions.js';
import { servicesRule } from './services.js';
import { topicsRule } from './topics.js';
import { viewsRule } from './views.js';
import { zonesRule } from './zones.js';

const rules = [namesRule, regionsRule, zonesRule, topicsRule, viewsRule, servicesRule, homesRule] as const;

/** What a policy must not say although each of its words is in place: what contradicts itself, the contract or the servers. */
export const contradictions = (draft: Draft): readonly Found[] => rules.flatMap((rule) => rule(draft));
