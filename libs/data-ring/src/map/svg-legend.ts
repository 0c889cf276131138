import { rounded } from './curves.js';
import type { MapZone, RingMap } from './ring-map.js';
import { colourCount, colourOf, dashesOf } from './svg-style.js';
import { textBlock, wrapped, type TextBlock } from './svg-text.js';

const left = 24;
const indent = 92;

/** What the lines stand for: each zone with its purpose, its ground and where it goes. */
export function legend(map: RingMap, top: number, width: number): TextBlock {
  const parts: string[] = [
    `<line class="ring" x1="${left}" x2="${width - left}" y1="${rounded(top)}" y2="${rounded(top)}" style="stroke-width:1"/>`,
  ];
  let y = top + 28;
  for (const zone of map.zones) {
    const block = zoneBlock(zone, map, { y, width });
    parts.push(block.svg);
    y = block.bottom + 14;
  }
  return { svg: parts.join('\n'), bottom: y };
}

function zoneBlock(zone: MapZone, map: RingMap, { y, width }: { readonly y: number; readonly width: number }): TextBlock {
  const room = width - indent - left;
  const heading = `${zone.name}: ${goes[zone.kind]}${zone.personal ? ', with personal data' : ', nothing personal of players'}`;
  const blocks: TextBlock[] = [textBlock(wrapped(heading, room), { x: indent, y, style: 'strong' })];
  const add = (text: string, style: string): void => {
    blocks.push(textBlock(wrapped(text, room), { x: indent, y: blocks.at(-1)!.bottom, style }));
  };
  add(`Topics: ${zone.topics.length === 0 ? 'none' : zone.topics.join(', ')}. ${zone.purpose}`, '');
  add(zone.legalGround, 'soft');
  const crossing = map.zones.filter(({ kind }) => kind === 'cross-region');
  const samples = map.regions.flatMap(({ name }, index): readonly string[] => {
    const to = map.flows.filter((flow) => flow.zone === zone.name && flow.from === name).map((flow) => flow.to);
    if (zone.kind !== 'cross-region') return [];
    const at = blocks.at(-1)!.bottom;
    add(
      to.length === 0
        ? `of players at home in ${name}: stays there`
        : `of players at home in ${name}: also to ${to.join(', ')}`,
      '',
    );
    if (to.length === 0) return [];
    const [from, until, height] = [left, indent - 18, at - 4];
    return [
      `<path class="flow ${colourOf(index)}" d="M${from},${height} L${until},${height}"${dashesOf(crossing.indexOf(zone))} marker-end="url(#head${index % colourCount})"/>`,
    ];
  });
  return { svg: [sampleOf(zone, y), ...blocks.map(({ svg }) => svg), ...samples].join('\n'), bottom: blocks.at(-1)!.bottom };
}

const goes = {
  global: 'in every region',
  'cross-region': 'in the home region of the player and in chosen others',
  regional: 'never leaves the region where it was written',
} as const;

function sampleOf({ kind }: MapZone, y: number): string {
  const middle = y - 4;
  if (kind === 'global') return `<path class="ring" d="M${left},${middle} L${indent - 18},${middle}"/>`;
  if (kind === 'cross-region') return '';
  return `<rect class="inner" x="${left}" y="${middle - 8}" width="${indent - 18 - left}" height="16" rx="5"/>`;
}
