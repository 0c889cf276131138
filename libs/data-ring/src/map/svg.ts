import { curvePath, pointAt, rounded } from './curves.js';
import { boxWidth, layoutOf, type Layout, type PlacedFlow, type PlacedRegion } from './layout.js';
import type { MapZone, RingMap } from './ring-map.js';
import { colourCount, colourOf, dashesOf, fillOf, style } from './svg-style.js';
import { legend } from './svg-legend.js';
import { escaped, shortened } from './svg-text.js';

/** With more arrows than this their names would lie on each other; the colours and the legend remain. */
const namedFlowsMax = 12;
const ringsApart = 9;

/** The map as one SVG: nothing in it is loaded from elsewhere, and it is readable on light and dark paper. */
export function svgOf(map: RingMap): string {
  const layout = layoutOf(map);
  const { width } = layout;
  const below = legend(map, layout.height, width);
  const height = Math.ceil(below.bottom);
  const crossing = map.zones.filter(({ kind }) => kind === 'cross-region').map(({ name }) => name);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc">`,
    '<title id="title">The Global Data Ring: which data may be in which region</title>',
    `<desc id="desc">${escaped(description(map))}</desc>`,
    `<style>${style}</style>`,
    `<defs>${Array.from({ length: colourCount }, (_, index) => arrowHead(index)).join('')}</defs>`,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    '<text class="title" x="24" y="40">The Global Data Ring</text>',
    '<text class="soft" x="24" y="62">Which data may be in which region, by the policy</text>',
    ...rings(map.zones, layout),
    ...layout.flows.map((flow) => arrow(flow, crossing.indexOf(flow.flow.zone))),
    ...layout.regions.map((region) => regionBox(region, map.zones)),
    ...(layout.flows.length > namedFlowsMax ? [] : layout.flows.map(arrowName)),
    below.svg,
    '</svg>',
    '',
  ].join('\n');
}

/** For those who hear the map instead of seeing it. */
function description({ regions, zones, flows }: RingMap): string {
  const each = zones.map(({ name, kind, topics }) => {
    const has = `${name} has ${topics.length === 0 ? 'no topic' : topics.join(', ')}`;
    if (kind === 'global') return `${has}, in every region.`;
    if (kind === 'regional') return `${has}, which stays in the region where it was written.`;
    const goes = flows.filter(({ zone }) => zone === name).map(({ from, to }) => `from ${from} to ${to}`);
    return `${has}, which goes ${goes.join(', ')}.`;
  });
  return [`Regions: ${regions.map(({ name, label }) => `${name} (${label})`).join(', ')}.`, ...each].join(' ');
}

const arrowHead = (index: number): string =>
  `<marker id="head${index}" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="13" markerHeight="13" markerUnits="userSpaceOnUse" orient="auto"><path class="${fillOf(index)}" d="M0,0 L10,5 L0,10 z"/></marker>`;

const rings = (zones: readonly MapZone[], { ring }: Layout): readonly string[] =>
  zones
    .filter(({ kind }) => kind === 'global')
    .map((_, index) => {
      const [rx, ry] = [ring.rx, ring.ry].map((radius) => rounded(Math.max(0, radius - index * ringsApart)));
      return `<ellipse class="ring" cx="${rounded(ring.x)}" cy="${rounded(ring.y)}" rx="${rx}" ry="${ry}"/>`;
    });

const arrow = ({ curve, index }: PlacedFlow, zone: number): string =>
  `<path class="flow ${colourOf(index)}" d="${curvePath(curve)}"${dashesOf(zone)} marker-end="url(#head${index % colourCount})"/>`;

/** Nearer to where it begins: names in the middle of arrows that cross would lie on each other. */
function arrowName({ flow, curve, index }: PlacedFlow): string {
  const { x, y } = pointAt(curve, 0.36);
  const width = flow.namespace.length * 7 + 14;
  return `<g><rect class="card ${colourOf(index)}" x="${rounded(x - width / 2)}" y="${rounded(y - 11)}" width="${width}" height="22" rx="11"/><text class="small" x="${rounded(x)}" y="${rounded(y + 4)}" text-anchor="middle">${escaped(flow.namespace)}</text></g>`;
}

function regionBox({ region, index, centre, width, height }: PlacedRegion, zones: readonly MapZone[]): string {
  const [x, y] = [rounded(centre.x - width / 2), rounded(centre.y - height / 2)];
  const inside = boxWidth - 24;
  const line = (text: string, at: number, name: string): string =>
    `<text class="${name}" x="${rounded(x + 12)}" y="${rounded(y + at)}">${escaped(shortened(text, inside))}</text>`;
  const stays = zones
    .filter(({ kind }) => kind === 'regional')
    .flatMap((zone, row) => {
      const top = 70 + row * 44;
      return [
        `<rect class="inner" x="${rounded(x + 6)}" y="${rounded(y + top)}" width="${boxWidth - 12}" height="40" rx="6"/>`,
        line(`${zone.name}: stays in ${region.name}`, top + 17, 'small strong'),
        line(zone.topics.join(', '), top + 33, 'small'),
      ];
    });
  return [
    `<g><rect class="card ${colourOf(index)}" x="${x}" y="${y}" width="${width}" height="${height}" rx="10"/>`,
    line(region.name, 24, 'name'),
    line(region.label, 43, 'small'),
    line(region.jurisdiction, 60, 'small soft'),
    ...stays,
    '</g>',
  ].join('\n');
}
