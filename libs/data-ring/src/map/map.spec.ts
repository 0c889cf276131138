import { describe, expect, it } from '@jest/globals';

import { parsePolicy } from '../parse/parse-policy.js';
import { policyText } from '../parse/policy-text.fixture.js';
import type { RingPolicy } from '../policy.js';
import { layoutOf } from './layout.js';
import { mermaidOf } from './mermaid.js';
import { mapOf, type RingMap } from './ring-map.js';
import { svgOf } from './svg.js';
import { escaped, shortened, wrapped } from './svg-text.js';

const map = mapOf((parsePolicy(policyText) as { readonly value: RingPolicy }).value);

const withRegions = (count: number): RingMap => {
  const names = Array.from({ length: count }, (_, number) => `r${number}`);
  const flows = names.flatMap((from) =>
    names.filter((to) => to !== from).map((to) => ({ zone: 'casework', namespace: `casework-${from}`, from, to })),
  );
  const region = { label: 'L', jurisdiction: 'J', successors: [] };
  return { ...map, regions: names.map((name) => ({ name, ...region })), flows };
};

describe('The map', () => {
  it('has the regions, the zones with what is in them, and a flow for each route', () => {
    expect(map.regions.map(({ name }) => name)).toEqual(['eu', 'us', 'ap']);
    expect(map.zones.map(({ name, kind, topics, views, personal }) => ({ name, kind, topics, views, personal }))).toEqual([
      { name: 'global', kind: 'global', topics: ['reports', 'sanctions', 'reporters'], views: [], personal: false },
      { name: 'casework', kind: 'cross-region', topics: ['cases'], views: ['case_steps'], personal: true },
      { name: 'evidence', kind: 'regional', topics: ['report-evidence', 'appeals'], views: [], personal: true },
      { name: 'control', kind: 'global', topics: ['ring'], views: [], personal: false },
    ]);
    expect(map.flows).toEqual([
      { zone: 'casework', namespace: 'casework-eu', from: 'eu', to: 'us' },
      { zone: 'casework', namespace: 'casework-us', from: 'us', to: 'eu' },
    ]);
  });

  it('as Mermaid has every region, what stays in it, and every flow by the name of its namespace', () => {
    const text = mermaidOf(map);
    expect(text).toMatch(/^flowchart LR\n/);
    expect(text).toContain('  services_eu -- "casework-eu" --> services_us\n');
    expect(text.match(/<--> zone_global/g)).toHaveLength(3);
    expect(text.match(/evidence, stays here:/g)).toHaveLength(3);
  });

  it('as Mermaid keeps what somebody wrote from becoming markup', () => {
    const [first, ...others] = map.regions;
    const text = mermaidOf({ ...map, regions: [{ ...first!, label: 'a"] --> x\nend <b>' }, ...others] });
    expect(text).toContain('["eu: a#34;#93; --#62; x end #60;b#62; · GDPR"]');
  });
});

describe('The map as SVG', () => {
  it('loads nothing from elsewhere, and is told to those who cannot see it', () => {
    const svg = svgOf(map);
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|@import|<image|<script|url\((?!#)/);
    expect(svg).toContain('<title id="title">The Global Data Ring: which data may be in which region</title>');
    expect(svg).toContain(
      '<desc id="desc">Regions: eu (Europe), us (United States), ap (Asia Pacific). global has reports, sanctions, reporters, in every region. casework has cases, which goes from eu to us, from us to eu. evidence has report-evidence, appeals, which stays in the region where it was written. control has ring, in every region.</desc>',
    );
    expect(svg).toContain('@media (prefers-color-scheme:dark)');
  });

  it('has an arrow for each flow, and names them as long as there is room', () => {
    const arrows = (svg: string) =>
      svg.split('\n').filter((line) => line.startsWith('<path class="flow') && line.includes(' Q'));
    expect(arrows(svgOf(map))).toHaveLength(2);
    expect(svgOf(map)).toContain('>casework-us</text>');
    expect(arrows(svgOf(withRegions(6)))).toHaveLength(30);
    expect(svgOf(withRegions(6))).not.toContain('>casework-r1</text>');
  });

  it('keeps what somebody wrote from becoming markup', () => {
    const [first, ...others] = map.regions;
    const svg = svgOf({ ...map, regions: [{ ...first!, label: `<a href="x">&'\u0001` }, ...others] });
    expect(svg).not.toContain('<a ');
    expect(svg).toContain('&#60;a href=&#34;x&#34;&#62;&#38;&#39;?');
  });

  it.each([1, 2, 3, 4, 5, 6, 8, 12, 32])('of %i regions has none on another, and all of them on the paper', (count) => {
    const { regions, width, height } = layoutOf(withRegions(count));
    for (const [index, a] of regions.entries()) {
      expect(a.centre.x - a.width / 2).toBeGreaterThanOrEqual(0);
      expect(a.centre.x + a.width / 2).toBeLessThanOrEqual(width);
      expect(a.centre.y + a.height / 2).toBeLessThanOrEqual(height);
      for (const b of regions.slice(index + 1)) {
        const isApart =
          Math.abs(a.centre.x - b.centre.x) >= (a.width + b.width) / 2 ||
          Math.abs(a.centre.y - b.centre.y) >= (a.height + b.height) / 2;
        expect([a.region.name, b.region.name, isApart]).toEqual([a.region.name, b.region.name, true]);
      }
    }
  });
});

describe('Text in the map', () => {
  it('is escaped, wrapped at words, and shortened', () => {
    expect(escaped('a<b>&"\'')).toBe('a&#60;b&#62;&#38;&#34;&#39;');
    expect(wrapped('one two three', 8 * 7)).toEqual(['one two', 'three']);
    expect(wrapped('0123456789', 8 * 7)).toEqual(['01234567', '89']);
    expect(shortened('0123456789', 8 * 7)).toBe('0123456…');
    expect(shortened('01234567', 8 * 7)).toBe('01234567');
  });
});
