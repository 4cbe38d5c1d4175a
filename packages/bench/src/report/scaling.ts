import type { ScalingResult } from '../results.js';
import { growthOf, median } from '../stats.js';
import { commandLine } from './snapshot.js';
import { count, fixed, tableOf } from './table.js';

/** How cost grows, in Markdown: a slope for each thing, and what it was fitted to. */
export function scalingReport(scaling: readonly ScalingResult[], command: string): string {
  const slopes = scaling.map(({ of, fixed: held, points }) => {
    const { slope, r2 } = growthOf(points.map(({ amount, seconds }) => [amount, median(seconds)] as const));
    return [of, fixed(slope, 2), fixed(r2, 2), held];
  });
  const points = scaling.flatMap(({ of, points }) =>
    points.map(({ amount, seconds, cpu }) => [
      of,
      count(amount),
      fixed(median(seconds) * 1000, 0),
      fixed(Math.min(...seconds) * 1000, 0),
      fixed(median(cpu.filter((value) => value !== null)), 2),
    ]),
  );
  return [
    '## How cost grows',
    'A native build in token order, without the start of its process. The slope b is that of time = a · amount^b, fitted on the logarithms of medians: 1 is linear, 0 costs nothing, with threads −1 is perfect.',
    tableOf([['with', 'slope', 'r²', 'at'], ...slopes]),
    tableOf([['with', 'amount', 'median ms', 'least ms', 'CPU s'], ...points]),
    commandLine(command),
  ].join('\n\n');
}
