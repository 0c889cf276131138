export const wordsPerReportMax = 40;
const wordCharactersMax = 32;

/**
 * Words that say nothing of what was reported: those that hold sentences together, in the languages of most reports, and those
 * that every report has. Without marks above letters, as {@link wordsOf} compares them.
 */
const stopWords: ReadonlySet<string> = new Set(
  `
  about after again all also always and another any are around because been before being but came can could did does doing done
  dont down during each even every everyone for from get gets getting give goes going got had has have having her here him his how
  into its just keep keeps kept know let like made make makes many more most much never not now off once one only other our out over
  own please same she should since some still such take than that the their them then there these they thing things this those
  through time times too under until very was way well were what when where which while who whole why will with would yes you your
  aber als auch auf aus bei bin bis das dass dem den der des die doch ein eine einen einer er es fur hat ich ihn immer ist mich mir
  mit nach nicht noch nur oder schon sehr sich sie sind und uns von war was weil wenn wie wir wird zum zur
  avec ce cette dans de des du elle en est et il ils je la le les lui mais me mon ne nous on ou par pas pour que qui sa se ses son sur
  toujours tout tres un une vous
  como con cuando del donde el ella era es esta este estaba fue ha hay la las le lo los mas me mi muy no nos para pero por porque
  que se si sin siempre su sus tambien todo un una y ya yo
  ao da do dos e ela ele em eu foi isso mais muito na nao no nos num o os ou pela pelo quando sem sempre seu sua tem um uma voce
  game games match matches play played player players playing plays report reported reporting round rounds someone somebody team
  teams user guy people person
  am an as at be by do go he if im in is it ive me my no of oh ok on or so to up us we
  `
    .trim()
    .split(/\s+/),
);

/** No locale: players write in whatever language they like, and ICU's dictionaries find words in those without spaces too. */
const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/** Addresses say who or where somebody is, and their parts are no words. */
const addresses = /\b(?:https?:\/\/|www\.)\S+|\S+@\S+/gi;

/**
 * What a text says, as a set: its first {@link wordsPerReportMax} words, lower case, without stop words and without whatever has
 * digits, sorted. Neither their order nor how often they occur is kept, so the text cannot be read back.
 */
export function wordsOf(text: string): readonly string[] {
  const words = new Set<string>();
  for (const { segment, isWordLike } of segmenter.segment(text.normalize('NFKC').replace(addresses, ' '))) {
    if (isWordLike !== true) continue;
    const word = plain(segment);
    if (isTelling(word)) words.add(word);
    if (words.size === wordsPerReportMax) break;
  }
  return [...words].sort();
}

/** Lower case, without accents and apostrophes: players leave them out as often as not. */
const plain = (segment: string): string =>
  segment
    .toLowerCase()
    .normalize('NFD')
    .replace(/(?<=\p{Script=Latin}\p{M}*)\p{M}|['’_]/gu, '')
    .normalize('NFC');

function isTelling(word: string): boolean {
  const { length } = [...word];
  return length >= 2 && length <= wordCharactersMax && !/\p{N}/u.test(word) && !stopWords.has(word);
}
