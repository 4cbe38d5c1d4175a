import type { Mode } from '../bench.js';
import type { Results, StartUp } from '../results.js';
import { median, ratioOf } from '../stats.js';
import { phasesReport } from './phases.js';
import { scalingReport } from './scaling.js';
import { machineLine, snapshotReport } from './snapshot.js';
import { fixed, tableOf } from './table.js';

/** All that a run found, in Markdown. */
export function runReport(results: Results, mode: Mode): string {
  const { snapshots, scaling, start_up, command } = results;
  const report = mode === 'phases' ? phasesReport : snapshotReport;
  return [
    machineLine(results),
    ...(start_up === null ? [] : [startUpReport(start_up)]),
    ...snapshots.map((snapshot) => report(snapshot, command)),
    ...(scaling.length > 0 ? [scalingReport(scaling, command)] : []),
  ].join('\n\n');
}

/** How long the smallest case takes, whole processes. */
export function startUpReport({ node, build }: StartUp): string {
  const ratio = ratioOf(build, node);
  const rows = [
    ['`node -e 0`', fixed(median(node) * 1000, 0), '1.00'],
    ['build of the bundled snapshot', fixed(median(build) * 1000, 0), fixed(ratio?.ratio ?? null, 2)],
  ];
  return ['## A small snapshot, whole process', tableOf([['', 'median ms', '÷ Node'], ...rows])].join('\n\n');
}
