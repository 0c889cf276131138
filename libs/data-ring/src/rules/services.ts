import type { Draft } from '../parse/draft.js';
import type { Found } from '../parse/policy-fault.js';
import { faultsOfNames } from './references.js';

export const servicesRule = (draft: Draft): readonly Found[] =>
  [...draft.services].flatMap(([name, { produce, consume }]) => [
    ...faultsOfNames(draft, 'zones', produce, ['services', name, 'produce']),
    ...faultsOfNames(draft, 'zones', consume, ['services', name, 'consume']),
  ]);
