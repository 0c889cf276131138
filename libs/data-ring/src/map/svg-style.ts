/** Of the regions, in their order, told apart also by those who see few colours; darker on light paper, lighter on dark. */
const colours = [
  ['#0b62a8', '#6cb6ff'],
  ['#b3460e', '#ff9e64'],
  ['#1b7a3d', '#7ee2a8'],
  ['#7b3fa0', '#d2a8ff'],
  ['#a3195b', '#ff8ac0'],
  ['#6b5d00', '#e3cf57'],
] as const;

export const colourOf = (index: number): string => `c${index % colours.length}`;

const rules = (of: 0 | 1): string => {
  const [paper, card, ink, soft, line] = [
    ['#ffffff', '#f6f8fa', '#1f2328', '#59636e', '#8c959f'],
    ['#0d1117', '#161b22', '#e6edf3', '#9aa4af', '#6e7681'],
  ][of]!;
  const own = colours.map((pair, index) => `.c${index}{stroke:${pair[of]}}.f${index}{fill:${pair[of]}}`).join('');
  return `.paper{fill:${paper}}.card{fill:${card}}text{fill:${ink}}.soft{fill:${soft}}.ring{stroke:${line}}.inner{stroke:${line};fill:${paper}}${own}`;
};

/** Of the map. The fonts are those of whoever looks at it. */
export const style = [
  'text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}',
  'text.title{font-size:20px;font-weight:600}text.name{font-size:16px;font-weight:600}text.strong{font-weight:600}text.small{font-size:12px}',
  '.ring{fill:none;stroke-width:5}.card{stroke-width:2}.inner{stroke-width:1;stroke-dasharray:4 3}.flow{fill:none;stroke-width:2.5}',
  rules(0),
  `@media (prefers-color-scheme:dark){${rules(1)}}`,
].join('\n');

export const fillOf = (index: number): string => `f${index % colours.length}`;
export const colourCount = colours.length;
/** Zones that go to chosen regions are told apart by the dashes of their arrows. */
export const dashesOf = (zone: number): string => ['', ' stroke-dasharray="9 5"', ' stroke-dasharray="2 4"'][zone % 3]!;
