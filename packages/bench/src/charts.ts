import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { ArmResult } from './arm.js';
import { bestOf, LIBRARIES } from './ratios.js';
import { phaseNames, phasesOf } from './report/phases.js';
import type { SnapshotResult } from './results.js';
import { median } from './stats.js';

/** A chart as a file: its name without an ending, and an SVG document. */
export interface Chart {
  readonly name: string;
  readonly svg: string;
}

/** What a line of a chart follows from size to size. */
const SERIES: readonly (readonly [
  title: string,
  pick: (arms: readonly ArmResult[]) => ArmResult | undefined,
])[] = [
  ['native, token order', byId('token')],
  ['native, input order', byId('input')],
  ['typed arrays', byId('typed-arrays')],
  ['row objects', byId('row-objects')],
  ['roofline, token order', byId('roofline-token')],
  ...LIBRARIES.map(
    ([title, prefix]) =>
      [
        title,
        (arms: readonly ArmResult[]) =>
          bestOf(arms.filter(({ id, group }) => group === 'peer' && id.startsWith(prefix))),
      ] as const,
  ),
];

function byId(id: string) {
  return (arms: readonly ArmResult[]) => arms.find((arm) => arm.id === id && arm.runs.length > 0);
}

/** The charts of some snapshots: time by size, memory by size, and the phases of each; only those with something in them. */
export function charts(snapshots: readonly SnapshotResult[]): Chart[] {
  const time = (arm: ArmResult) => median(arm.runs.map(({ seconds }) => seconds));
  const memory = (arm: ArmResult) => {
    const known = arm.runs.flatMap(({ rss }) => (rss === null ? [] : [rss / 1e9]));
    return known.length > 0 ? median(known) : null;
  };
  const made = [
    { name: 'time', svg: bySize(snapshots, time, 'seconds, from files to a file') },
    { name: 'memory', svg: bySize(snapshots, memory, 'peak memory, GB') },
    ...snapshots.map((snapshot) => ({ name: `phases-${snapshot.name}`, svg: phases(snapshot) })),
  ];
  return made.flatMap(({ name, svg }) => (svg === null ? [] : [{ name, svg }]));
}

function bySize(
  snapshots: readonly SnapshotResult[],
  measure: (arm: ArmResult) => number | null,
  label: string,
): string | null {
  // Of several snapshots of one size, such as that of whole seconds, the first one stands for it.
  const sizes = snapshots.filter(
    ({ prints }, i) => snapshots.findIndex((other) => other.prints === prints) === i,
  );
  const points = sizes.flatMap(({ prints, arms }) =>
    SERIES.flatMap(([series, pick]) => {
      const arm = pick(arms);
      const value = arm === undefined ? null : measure(arm);
      return value === null || value <= 0 ? [] : [{ prints, value, series }];
    }),
  );
  if (points.length === 0) return null;
  const marks = { x: 'prints', y: 'value', stroke: 'series', z: 'series' };
  return svgOf(label, {
    ...{ width: 720, height: 420, marginRight: 20, marginLeft: 60, grid: true },
    x: { type: 'log', label: 'prints' },
    y: { type: 'log', label, tickFormat: '~g' },
    color: { domain: SERIES.map(([series]) => series).filter((s) => points.some((p) => p.series === s)) },
    marks: [Plot.line(points, marks), Plot.dot(points, { ...marks, fill: 'series', r: 3 })],
  });
}

function phases(snapshot: SnapshotResult): string | null {
  const arms = snapshot.arms.filter(({ id }) =>
    ['token', 'input', 'roofline-token', 'roofline-input'].includes(id),
  );
  const bars = arms.flatMap((arm) => phasesOf(arm).map(([phase, ms]) => ({ arm: arm.title, phase, ms })));
  if (bars.length === 0) return null;
  return svgOf(`phases of ${snapshot.name}`, {
    ...{ width: 720, height: 60 + 40 * arms.length, marginLeft: 150 },
    x: { label: 'milliseconds', grid: true },
    y: { label: null, domain: arms.map(({ title }) => title) },
    color: { domain: phaseNames(arms) },
    marks: [Plot.barX(bars, { x: 'ms', y: 'arm', fill: 'phase', order: null })],
  });
}

/** Draws a plot with its legend above it: Plot's own would be HTML around the drawing. */
function svgOf(title: string, options: Plot.PlotOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const plot = Plot.plot({ ...options, document: document as never });
  const scale = plot.scale('color');
  const names = (scale?.domain ?? []) as string[];
  const width = Number(options.width);
  const columns = 4;
  const step = width / columns;
  const rows = Math.ceil(names.length / columns);
  const legend = names.map((name, i) => {
    const [x, y] = [10 + step * (i % columns), 14 + 18 * Math.floor(i / columns)];
    const colour = scale?.apply(name);
    return `<g transform="translate(${x},${y})"><rect width="10" height="10" y="-9" fill="${colour}"/><text x="15">${escaped(name)}</text></g>`;
  });
  const height = Number(options.height);
  const top = 10 + 18 * rows;
  plot.setAttribute('y', String(top));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height + top}" viewBox="0 0 ${width} ${height + top}" ` +
    `font-family="system-ui, sans-serif" font-size="11" fill="currentColor"><rect width="100%" height="100%" fill="white"/>` +
    `<title>${escaped(title)}</title><g fill="black">${legend.join('')}</g>${plot.outerHTML}</svg>\n`
  );
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
