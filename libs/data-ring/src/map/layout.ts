import { curveBetween, type Box, type Curve } from './curves.js';
import type { MapFlow, MapRegion, RingMap } from './ring-map.js';

export interface PlacedRegion extends Box {
  readonly region: MapRegion;
  /** Which colour it has. */
  readonly index: number;
}

export interface PlacedFlow {
  readonly flow: MapFlow;
  readonly curve: Curve;
  /** Colour of the region of origin. */
  readonly index: number;
}

export interface Layout {
  readonly width: number;
  /** Of the ring alone, without the text below. */
  readonly height: number;
  readonly ring: { readonly x: number; readonly y: number; readonly rx: number; readonly ry: number };
  readonly regions: readonly PlacedRegion[];
  readonly flows: readonly PlacedFlow[];
}

export const boxWidth = 236;
const margin = 24;
/** So that the text below has room beside a ring of one. */
const widthMin = 800;
const titleHeight = 64;
const arrowGap = 7;

/** Lines of text in the box of a region: name, label, law, and one for each zone that stays there. */
export const boxHeight = (regionalZones: number): number => 76 + regionalZones * 44;

/** Regions stand on an ellipse, the first on top; two of them side by side. */
export function layoutOf({ regions, zones, flows }: RingMap): Layout {
  const height = boxHeight(zones.filter(({ kind }) => kind === 'regional').length);
  const count = regions.length;
  const rx = count === 1 ? 0 : Math.max(360, count * 76);
  const ry = count <= 2 ? 0 : Math.max(200, count * (height / 2.9));
  const width = Math.max(widthMin, 2 * (rx + margin) + boxWidth);
  const centre = { x: width / 2, y: titleHeight + margin + ry + height / 2 };
  const first = count === 2 ? Math.PI : -Math.PI / 2;
  const placed = regions.map((region, index): PlacedRegion => {
    const angle = first + (index * 2 * Math.PI) / count;
    const at = { x: centre.x + rx * Math.cos(angle), y: centre.y + ry * Math.sin(angle) };
    return { region, index, centre: at, width: boxWidth, height };
  });
  const ringRy = count === 2 ? height * 0.4 : ry;
  const bottom = Math.max(centre.y + ringRy, ...placed.map((box) => box.centre.y + height / 2));
  return {
    width,
    height: bottom + margin,
    ring: { ...centre, rx, ry: ringRy },
    regions: placed,
    flows: flows.map((flow) =>
      placedFlow(
        flow,
        placed,
        zones.filter(({ kind }) => kind === 'cross-region').map(({ name }) => name),
      ),
    ),
  };
}

function placedFlow(flow: MapFlow, regions: readonly PlacedRegion[], zones: readonly string[]): PlacedFlow {
  const [from, to] = [flow.from, flow.to].map((name) => regions.find(({ region }) => region.name === name)!);
  const bend = 56 + zones.indexOf(flow.zone) * 30;
  return { flow, index: from!.index, curve: curveBetween(from!, to!, bend, arrowGap) };
}
