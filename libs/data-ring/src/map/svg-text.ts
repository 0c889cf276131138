/** Letters of a line at the size that the map's text has: about seven units each. */
const unitsPerCharacter = 7;
const lineHeight = 18;

/** For text and attributes. What XML 1.0 does not have at all becomes a question mark. */
export const escaped = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '?')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** Words on as many lines as they take; a word that is longer than a line is cut. */
export function wrapped(text: string, width: number): readonly string[] {
  const most = Math.max(8, Math.floor(width / unitsPerCharacter));
  const words = text.split(/\s+/).flatMap((word) => word.match(new RegExp(`.{1,${most}}`, 'gsu')) ?? []);
  return words.reduce<readonly string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > most) return [...lines, word];
    return [...lines.slice(0, -1), `${last} ${word}`];
  }, []);
}

/** On one line, with an ellipsis where it does not fit. */
export function shortened(text: string, width: number): string {
  const characters = [...text];
  const most = Math.floor(width / unitsPerCharacter);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

export interface TextBlock {
  readonly svg: string;
  /** Where the next one may begin. */
  readonly bottom: number;
}

export function textBlock(lines: readonly string[], { x, y, style }: { x: number; y: number; style: string }): TextBlock {
  const svg = lines.map(
    (text, index) => `<text class="${style}" x="${x}" y="${y + index * lineHeight}">${escaped(text)}</text>`,
  );
  return { svg: svg.join('\n'), bottom: y + lines.length * lineHeight };
}
