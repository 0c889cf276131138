import type { MapRegion, RingMap } from './ring-map.js';

/** The map as text that GitHub and many editors draw. */
export function mermaidOf({ regions, zones, flows }: RingMap): string {
  const regional = zones.filter(({ kind }) => kind === 'regional');
  const global = zones.filter(({ kind }) => kind === 'global');
  return [
    'flowchart LR',
    ...regions.flatMap((region) => [
      `  subgraph ${idOf('region', region.name)}["${textOf(title(region))}"]`,
      `    ${idOf('services', region.name)}["services of ${textOf(region.name)}"]`,
      ...regional.map(({ name, topics }) => {
        const text = `${textOf(name)}, stays here:<br/>${textOf(topics.join(', '))}`;
        return `    ${idOf('zone', name)}_in_${idOf('', region.name)}[("${text}")]`;
      }),
      '  end',
    ]),
    ...global.flatMap(({ name, topics }) => [
      `  ${idOf('zone', name)}{{"${textOf(name)}, in every region:<br/>${textOf(topics.join(', '))}"}}`,
      ...regions.map((region) => `  ${idOf('services', region.name)} <--> ${idOf('zone', name)}`),
    ]),
    ...flows.map(
      ({ namespace, from, to }) => `  ${idOf('services', from)} -- "${textOf(namespace)}" --> ${idOf('services', to)}`,
    ),
    '',
  ].join('\n');
}

const title = ({ name, label, jurisdiction }: MapRegion): string => `${name}: ${label} · ${jurisdiction}`;

/** Names have hyphens and no underscores, so two of them never become one. */
const idOf = (kind: string, name: string): string => `${kind}_${name.replaceAll('-', '_')}`;

/** Characters that end a label, or are read as markup in it, by their code; a line break would end the line. */
const textOf = (text: string): string =>
  text.replace(/[\r\n]+/g, ' ').replace(/[#"<>&;`\\[\]{}|]/g, (character) => `#${character.charCodeAt(0)};`);
