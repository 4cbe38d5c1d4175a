import type { ArmResult } from '../arm.js';
import type { SnapshotResult } from '../results.js';
import { median } from '../stats.js';
import { commandLine, titleOf } from './snapshot.js';
import { fixed, tableOf } from './table.js';

/** Phases as they follow each other; an engine has some of them, and others may come after these. */
const ORDER = [
  'open',
  'keys',
  'read',
  'rows',
  'tape',
  'features',
  'compute',
  'sets',
  'summary',
  'assemble',
  'write',
];

/** Median milliseconds of each phase of an arm, in the order of time. */
export function phasesOf({ runs }: Pick<ArmResult, 'runs'>): [phase: string, ms: number][] {
  const told = new Set(runs.flatMap(({ phases }) => Object.keys(phases)));
  const names = [
    ...ORDER.filter((name) => told.has(name)),
    ...[...told].filter((name) => !ORDER.includes(name)),
  ];
  return names.map((name) => [name, median(runs.map(({ phases }) => phases[name] ?? 0))]);
}

/** The phases that any of some arms has, in the order of time. */
export function phaseNames(arms: readonly ArmResult[]): string[] {
  return phasesOf({ runs: arms.flatMap(({ runs }) => runs) }).map(([name]) => name);
}

/** Where the time of our own arms goes, in Markdown. */
export function phasesReport(snapshot: SnapshotResult, command: string): string {
  const arms = snapshot.arms.filter((arm) => arm.group !== 'compute' && phasesOf(arm).length > 0);
  const names = phaseNames(arms);
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
