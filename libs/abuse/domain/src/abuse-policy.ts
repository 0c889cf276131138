import type { CaseBackground, CaseworkPolicy, Clause } from '@ringside/casework';

import { abuseRules } from './abuse-rules.js';
import { ladderFor } from './sanction-ladder.js';

const abusive = (title: string, category: Clause['category'], provision = 'Rules of conduct'): Clause => ({
  title,
  provision,
  ground: 'DECISION_GROUND_INCOMPATIBLE_CONTENT',
  category,
  content: ['CONTENT_TYPE_TEXT'],
});

const ofConduct = (section: string, title: string, category: Clause['category']): Clause =>
  abusive(title, category, `Rules of conduct, section ${section}`);

/** What is against the law as well: the ground is illegality then, and the statement of reasons has to name the law. */
const illegal = (section: string, title: string, category: Clause['category'], law: { name: string; url: string }): Clause => ({
  ...ofConduct(section, title, category),
  ground: 'DECISION_GROUND_ILLEGAL_CONTENT',
  law: law.name,
  url: law.url,
});

/** Both are transposed by each Member State; the statement names what they have in common. */
const hatred = {
  name: 'Council Framework Decision 2008/913/JHA, Article 1',
  url: 'https://eur-lex.europa.eu/eli/dec_framw/2008/913/oj',
};
const childAbuse = { name: 'Directive 2011/93/EU, Articles 5 and 6', url: 'https://eur-lex.europa.eu/eli/dir/2011/93/oj' };

export const abuseClauses: Readonly<Record<string, Clause>> = {
  'conduct/1.1': ofConduct('1.1', 'harassing or bullying somebody', 'STATEMENT_CATEGORY_CYBER_VIOLENCE'),
  'conduct/1.2': ofConduct('1.2', 'hatred against people for what they are', 'STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH'),
  'conduct/1.3': ofConduct('1.3', 'threatening somebody with violence', 'STATEMENT_CATEGORY_VIOLENCE'),
  'conduct/2.1': ofConduct('2.1', 'flooding others with messages or advertising', 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC'),
  'conduct/2.2': ofConduct('2.2', 'a name that insults or deceives', 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC'),
  'safety/1.1': ofConduct('3.1', 'urging somebody to harm themselves', 'STATEMENT_CATEGORY_SELF_HARM'),
  'safety/1.2': ofConduct('3.2', 'endangering a child', 'STATEMENT_CATEGORY_PROTECTION_OF_MINORS'),
  'law/1.1': illegal('4.1', 'publicly inciting to violence or hatred', 'STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH', hatred),
  'law/1.2': illegal('4.2', 'sexual abuse or solicitation of a child', 'STATEMENT_CATEGORY_PROTECTION_OF_MINORS', childAbuse),
};

const goesFirst = (reason: string): boolean => abuseRules.weigh(reason).first === true;

function whyNotHeld({ openReports }: CaseBackground): string | undefined {
  const first = openReports.find(({ reason }) => goesFirst(reason));
  if (first === undefined) return undefined;
  return `A case with an open report of ${first.reason} cannot be held: decide it, hand it over, or escalate it.`;
}

/** How grave the open reports say it is. What was reviewed says it better: see the case's own suggestion. */
const reportedSeverity = ({ openReports }: CaseBackground): number =>
  Math.max(0, ...openReports.map(({ reason }) => abuseRules.weigh(reason).severity));

/** How the abuse team works its cases. */
export const abusePolicy: CaseworkPolicy = {
  team: abuseRules.team,
  leaseMinutes: 30,
  proposalHours: 24,
  strikeDays: 180,
  dueSoonHours: 4,
  clauses: abuseClauses,
  otherClause: abusive('conduct that abuses others', 'STATEMENT_CATEGORY_CYBER_VIOLENCE'),
  whyNotHeld,
  // Whoever is a danger to others is out at once; an appeal is how a decision is looked at again.
  needsApproval: () => false,
  suggestedSanctions: (background) =>
    ladderFor({ severity: reportedSeverity(background), priorStrikes: background.priorStrikes }),
  sanctionKinds: ['warn', 'mute', 'suspend', 'ban'],
};
