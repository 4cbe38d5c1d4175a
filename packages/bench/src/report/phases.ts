import type { ArmResult } from '../arm.js';
import type { SnapshotResult } from '../results.js';
import { median } from '../stats.js';
import { commandLine, titleOf } from './snapshot.js';
import { fixed, tableOf } from './table.js';

/** Median milliseconds of each phase of an arm, in the order in which the arm reported them. */
export function phasesOf({ runs }: ArmResult): [phase: string, ms: number][] {
  const names = [...new Set(runs.flatMap(({ phases }) => Object.keys(phases)))];
  return names.map((name) => [name, median(runs.map(({ phases }) => phases[name] ?? 0))]);
}

/** Where the time of our own arms goes, in Markdown. */
export function phasesReport(snapshot: SnapshotResult, command: string): string {
  const arms = snapshot.arms.filter((arm) => arm.group !== 'compute' && phasesOf(arm).length > 0);
  const names = [...new Set(arms.flatMap((arm) => phasesOf(arm).map(([name]) => name)))];
  const rows = arms.map((arm) => {
    const own = new Map(phasesOf(arm));
    return [arm.title, ...names.map((name) => fixed(own.get(name) ?? null, 0))];
  });
  return [
    `## Phases, ${titleOf(snapshot)}`,
    'Median milliseconds. Copied columns go from file to file beside the other phases.',
    tableOf([['arm', ...names], ...rows]),
    commandLine(command),
  ].join('\n\n');
}
