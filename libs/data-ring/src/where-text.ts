import type { Whereabouts } from './where-is.js';

type About = Omit<Whereabouts, 'sentence'>;

/** `a`, `a and b`, `a, b and c`. */
export const list = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;

/** What a compliance officer asks, answered in a paragraph. */
export function whereSentence(about: About): string {
  const { what, is, zone, kind, legalGround } = about;
  const thing = { event: 'the event', field: 'the field', topic: 'the topic', view: 'the view' }[is];
  const ground = /[.!?]$/.test(legalGround) ? legalGround : `${legalGround}.`;
  return `${what}, ${thing}, ${personalText(about)}. It is in the zone ${zone}${zone === kind ? '' : ` (${kind})`}: ${travels(about)}. ${ground}`;
}

function personalText({ is, personal, kind }: About): string {
  if (is === 'field') return personal.length > 0 ? 'is personal' : 'is not personal';
  if (personal.length === 0) return 'has no personal field';
  const may = is === 'view' ? 'may have' : 'has';
  return `${may} personal fields${kind === 'global' ? ', against the rule' : ''} (${list(personal)})`;
}

function travels({ kind, reach, is }: About): string {
  if (kind === 'global') return `it may be in every region (${list(reach.map(({ origin }) => origin))})`;
  if (kind === 'regional') return `it stays in the region where it was ${is === 'view' ? 'built' : 'written'}`;
  return reach.map(({ origin, regions }) => `what is about players at home in ${origin} may be in ${list(regions)}`).join('; ');
}
