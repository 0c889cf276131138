export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box {
  readonly centre: Point;
  readonly width: number;
  readonly height: number;
}

/** A quadratic Bézier curve: where it begins, what draws it aside, where it ends. */
export type Curve = readonly [Point, Point, Point];

const between = (a: Point, b: Point, share: number): Point => ({ x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share });

export function pointAt([from, aside, to]: Curve, share: number): Point {
  return between(between(from, aside, share), between(aside, to, share), share);
}

/** Between two boxes, and bent to its right by so much, so that the way back takes another way. Ends at their edges, `gap` away. */
export function curveBetween(from: Box, to: Box, bend: number, gap: number): Curve {
  const [a, b] = [from.centre, to.centre];
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const middle = between(a, b, 0.5);
  const aside = { x: middle.x - ((b.y - a.y) / length) * bend, y: middle.y + ((b.x - a.x) / length) * bend };
  const whole: Curve = [a, aside, b];
  const begin = leaves(whole, from, gap);
  const end = 1 - leaves([b, aside, a], to, gap);
  return begin < end ? part(whole, begin, end) : whole;
}

const stepsOfCurve = 200;

/** The share of the curve after which it is out of the box that it begins in. */
function leaves(curve: Curve, { centre, width, height }: Box, gap: number): number {
  for (let step = 0; step <= stepsOfCurve; step++) {
    const { x, y } = pointAt(curve, step / stepsOfCurve);
    if (Math.abs(x - centre.x) > width / 2 + gap || Math.abs(y - centre.y) > height / 2 + gap) return step / stepsOfCurve;
  }
  return 1;
}

/** De Casteljau's construction, for both ends. */
function part(curve: Curve, begin: number, end: number): Curve {
  const [from, aside, to] = curve;
  const middle = between(between(from, aside, begin), between(aside, to, begin), end);
  return [pointAt(curve, begin), middle, pointAt(curve, end)];
}

export const curvePath = ([from, aside, to]: Curve): string => `M${at(from)} Q${at(aside)} ${at(to)}`;

const at = ({ x, y }: Point): string => `${rounded(x)},${rounded(y)}`;
export const rounded = (value: number): number => Math.round(value * 10) / 10;
