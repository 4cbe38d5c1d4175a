import { type Chart, charts } from '../charts.js';
import { ratiosOf } from '../ratios.js';
import type { Results, SnapshotResult } from '../results.js';
import { phasesReport } from './phases.js';
import { startUpReport } from './run.js';
import { scalingReport } from './scaling.js';
import { commandLine, machineLine, snapshotReport } from './snapshot.js';
import { fixed, tableOf } from './table.js';

/** A page of documentation: its text in Markdown, and the charts that it shows from the folder `benchmarks`. */
export interface Page {
  readonly text: string;
  readonly charts: readonly Chart[];
}

const WRITTEN_BY =
  '<!-- Written by `npm run bench -- --write-docs` from packages/bench/results: do not edit. -->';

const READING = `## How to read it

- A **ratio** is that of two medians. Beside it stand the smallest and the largest ratio that two runs of one round had: what disturbs the machine for a while disturbs the arms of a round alike. The first table takes of each library the arm that is fastest there.
- **median s** and **least s** are those of the whole process, from its start to its end, Node's or Python's own start included. **job s** leaves that start out, as far as the program can tell; for small snapshots it says more.
- **peak MB** is the most memory that the process held, **CPU s** its processor time in all threads.
- **wrong rows** are those that differ from the native engine's in the column in which most do, with sums equal to 1e-9 of their value. An arm that should agree and does not is not timed at all.
- **÷ roofline** sets a time beside the machine's limit: the same columns read, re-ordered and written by the same code with no feature computed, in the same order of rows. What DuckDB and pyarrow take for the same reading, sorting and writing stands beside it, so that the limit can be believed.
- **runs** is 1 where a first run took longer than the patience that was set: that run is all there is.
- In memory, **with the boundary** is the whole call, Arrow in and Arrow out; **without** is its part inside of the code that computes.`;

const UNFAIR = `## What is unfair, and to whom

- To Polars, DuckDB and pandas: they are general, and this program does one thing. Nobody should choose between them by this page.
- To Polars and DuckDB where there are few cores: both use many of them well. The growth with threads below is ours alone.
- To DuckDB: \`ASOF\` takes an arbitrary one of prints with equal stamps. To be right it has to keep the last one first, which costs it a pass; "plain ASOF" leaves that out and is wrong where stamps repeat.
- To us: peers write Snappy, which is faster to write than the Zstandard of the input that our output keeps. The arm "native, Snappy" writes what they write.
- To the peers for Python in small snapshots: the start of Python and its imports count. "job s" leaves them out.
- To all peers in input order: there our program copies compressed columns as they are. Peers write rows by (token_id, ts); set them beside token order for the same output.
- To TypeScript over row objects: it is the definition, written to be checked and not to be fast. It keeps input order and passes columns on without touching them. TypeScript over typed arrays reads and writes by WebAssembly, in one thread.
- To the notebook: it was written for a hundred thousand rows at most, and pandas can do better when asked otherwise.
- To whoever takes much memory: on a virtual machine whose host takes freed memory back, touching it again is many times slower than on bare metal. Wide tables held in memory pay for that; so does our peak, which is less.
- To real data: snapshots here are synthetic, with tokens of random digits, popularity by a power law and a fifth of the prints in sweeps. Real ones are smaller and compress better.
- In memory the tables are made for the purpose, of the snapshot's sizes, and not read from it.`;

/**
 * The page of results: how to read them, what is unfair, the start of a process, then snapshots from small to large,
 * phases and growth, each with the command that repeats it.
 *
 * @param all results in any order
 */
export function benchmarkPage(all: readonly Results[]): Page {
  const runs = [...all].sort((a, b) => printsOf(a) - printsOf(b) || nameOf(a).localeCompare(nameOf(b)));
  const snapshots = runs.flatMap(({ snapshots }) => snapshots);
  const drawn = charts(snapshots);
  const image = (name: string, alt: string) =>
    drawn.some((chart) => chart.name === name) ? [`![${alt}](benchmarks/${name}.svg)`] : [];
  const sections = runs.flatMap((results) => [
    ...results.snapshots.flatMap((snapshot) => [
      snapshotReport(snapshot, results.command),
      phasesReport(snapshot, results.command).replace(/^## /, '### '),
      ...image(`phases-${snapshot.name}`, `Phases of ${snapshot.name}`),
      `Machine: ${machineLine(results)}`,
    ]),
    ...(results.scaling.length === 0
      ? []
      : [scalingReport(results.scaling, results.command), `Machine: ${machineLine(results)}`]),
  ]);
  // Every run may have taken it; once is enough.
  const started = runs.find(({ start_up }) => start_up !== null);
  const startUp = started?.start_up ? [startUpReport(started.start_up), commandLine(started.command)] : [];
  const text = [
    '# Benchmarks',
    WRITTEN_BY,
    'What does the Rust core buy, against plain TypeScript, against what people use today, and against the limit of the machine?',
    shortTable(snapshots),
    ...image('time', 'Seconds by number of prints'),
    ...image('memory', 'Peak memory by number of prints'),
    READING,
    UNFAIR,
    ...startUp,
    ...sections,
  ].join('\n\n');
  return { text: `${text}\n`, charts: drawn };
}

const nameOf = ({ snapshots }: Results): string => snapshots[0]?.name ?? '';

const printsOf = ({ snapshots }: Results): number => snapshots[0]?.prints ?? Number.POSITIVE_INFINITY;

/** The ratios of all snapshots beside each other. */
function shortTable(snapshots: readonly SnapshotResult[]): string {
  const columns = snapshots.map(
    (snapshot) =>
      // Which of a library's arms is the best differs from size to size.
      new Map(
        ratiosOf(snapshot).map(({ what, ratio }) => [what.replace(/^best of (.*?) \(.*?\)/, '$1'), ratio]),
      ),
  );
  const names = [...new Set(columns.flatMap((column) => [...column.keys()]))];
  const rows = names.map((name) => [name, ...columns.map((column) => fixed(column.get(name) ?? null, 2))]);
  return tableOf([['ratio of medians', ...snapshots.map(({ name }) => name)], ...rows]);
}
