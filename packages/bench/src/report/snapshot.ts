import type { ArmResult, Run } from '../arm.js';
import { ratiosOf, winners } from '../ratios.js';
import type { Results, SnapshotResult } from '../results.js';
import { least, median } from '../stats.js';
import { count, fixed, tableOf } from './table.js';

/** What was measured on one snapshot, in Markdown: ratios, arms, compute only, what could not be run, the command. */
export function snapshotReport(snapshot: SnapshotResult, command: string): string {
  const { arms } = snapshot;
  const onFiles = arms.filter(({ group, runs }) => group !== 'compute' && runs.length > 0);
  const inMemory = arms.filter(({ group, runs }) => group === 'compute' && runs.length > 0);
  return [
    `## ${titleOf(snapshot)}`,
    inputLine(snapshot),
    ratioTable(snapshot),
    ...winnerLine(snapshot),
    ...(onFiles.length > 0
      ? ['### From files to a file', armTable(onFiles, arms), commandLine(command)]
      : []),
    ...(inMemory.length > 0
      ? ['### In memory, Arrow to Arrow', computeTable(inMemory, snapshot), commandLine(command)]
      : []),
    ...missingList(arms),
  ].join('\n\n');
}

/** Name and size of a snapshot. */
export function titleOf({ name, trades, prints, tokens }: SnapshotResult): string {
  const size = `${count(trades)} trades × ${count(prints)} prints`;
  return `${name}: ${size}${tokens === null ? '' : `, ${count(tokens)} tokens`}`;
}

function inputLine({ files }: SnapshotResult): string {
  const texts = files.map(({ name, bytes, codec }) => `${name} ${fixed(bytes / 1e6, 1)} MB, ${codec}`);
  return `Input: ${texts.join('; ')}.`;
}

export const commandLine = (command: string) => `Measured by \`${command}\`.`;

function ratioTable(snapshot: SnapshotResult): string {
  const rows = ratiosOf(snapshot).map(({ what, ratio, low, high }) => [
    what,
    fixed(ratio, 2),
    `${fixed(low, 2)} to ${fixed(high, 2)}`,
  ]);
  return tableOf([['ratio of medians', '×', 'in single rounds'], ...rows]);
}

function winnerLine(snapshot: SnapshotResult): string[] {
  return winners(snapshot).map(
    ({ title, ratio }) => `**${title} wins here**: it takes ${fixed(ratio.ratio, 2)} of our time.`,
  );
}

function armTable(measured: readonly ArmResult[], all: readonly ArmResult[]): string {
  const medianOf = (id: string) => {
    const runs = all.find((arm) => arm.id === id)?.runs ?? [];
    return runs.length > 0 ? median(runs.map(({ seconds }) => seconds)) : null;
  };
  const [ours, token, input] = [medianOf('token'), medianOf('roofline-token'), medianOf('roofline-input')];
  const head = ['arm', 'threads', 'codec', 'median s', 'least s', 'runs', 'job s', 'CPU s', 'peak MB'];
  const more = ['output MB', 'wrong rows', '÷ native', '÷ roofline'];
  const rows = measured.map((arm) => {
    const time = median(arm.runs.map(({ seconds }) => seconds));
    const roofline = /input/.test(arm.title) ? input : token;
    return [
      ...armCells(arm),
      fixed(
        middle(arm.runs, ({ bytes }) => bytes / 1e6),
        1,
      ),
      wrongShare(arm),
      fixed(ours === null ? null : time / ours, 2),
      fixed(roofline === null ? null : time / roofline, 2),
    ];
  });
  return tableOf([[...head, ...more], ...rows]);
}

function armCells(arm: ArmResult): string[] {
  const walls = arm.runs.map(({ seconds }) => seconds);
  return [
    arm.title,
    arm.threads === null ? '–' : String(arm.threads),
    arm.codec?.toLowerCase() ?? '–',
    fixed(median(walls), 2),
    fixed(least(walls), 2),
    String(arm.runs.length),
    fixed(
      middle(arm.runs, ({ job }) => job),
      2,
    ),
    fixed(
      middle(arm.runs, ({ cpu }) => cpu),
      2,
    ),
    fixed(
      middle(arm.runs, ({ rss }) => (rss === null ? null : rss / 1e6)),
      0,
    ),
  ];
}

function computeTable(measured: readonly ArmResult[], { trades, prints }: SnapshotResult): string {
  const head = ['arm', 'threads', 'with the boundary, s', 'without, s', 'least s', 'runs'];
  const rows = measured.map((arm) => {
    const time = median(arm.runs.map(({ seconds }) => seconds));
    const inner = middle(arm.runs, ({ phases }) => (phases['compute'] ?? Number.NaN) / 1000);
    return [
      ...[arm.title, String(arm.threads), fixed(time, 3), fixed(inner, 3)],
      ...[fixed(least(arm.runs.map(({ seconds }) => seconds)), 3), String(arm.runs.length)],
      count(Math.round((trades + prints) / time / 1000) * 1000),
      fixed(
        middle(arm.runs, ({ rss }) => (rss === null ? null : rss / 1e6)),
        0,
      ),
    ];
  });
  return tableOf([[...head, 'rows of both tables/s', 'peak MB'], ...rows]);
}

/** The median of what runs tell; null where they do not. */
function middle(runs: readonly Run[], pick: (run: Run) => number | null): number | null {
  const known = runs.map(pick).filter((value) => value !== null);
  return known.length > 0 ? median(known) : null;
}

function wrongShare({ check }: ArmResult): string {
  if (check === null) return '–';
  return check.wrong_rows === 0 ? '0' : `${((100 * check.wrong_rows) / check.rows).toPrecision(2)} %`;
}

function missingList(arms: readonly ArmResult[]): string[] {
  const missing = arms.filter(({ unavailable }) => unavailable !== undefined);
  if (missing.length === 0) return [];
  return [
    `Not measured:\n\n${missing.map(({ title, unavailable }) => `- ${title}: ${unavailable}`).join('\n')}`,
  ];
}

/** The machine and the versions, in a paragraph. */
export function machineLine({ machine, versions, method, measured_at }: Results): string {
  const { cpu, cores, memory_bytes, system } = machine;
  const names = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return (
    `${cores} × ${cpu}, ${fixed(memory_bytes / 2 ** 30, 0)} GiB, ${system}; ${names.join(', ')}. ` +
    `${measured_at.slice(0, 10)}; arms in turn, ${method.rounds} rounds, warm page cache; processor time and memory by ${method.measured_by}.`
  );
}
