import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchPlan, Results } from '@polyfeat/bench';
import { PolyfeatError } from '@polyfeat/core/snapshot';
import { MEASURE_OPTIONS } from '../args/measure-options.js';
import type { Values } from '../args/option.js';
import { type Io, printable } from '../io.js';
import { UsageError } from '../usage-error.js';
import type { Call } from './command.js';

type Given = Values<typeof MEASURE_OPTIONS>;

/** `bench`: measures arms, peers and the machine's limit, and prints tables in Markdown. */
export async function benchMeasure({ values }: Call<typeof MEASURE_OPTIONS>, io: Io): Promise<number> {
  const plan = planOf(values);
  const { bench, charts } = await loadBench();
  const say = (line: string) => io.stderr.write(`${printable(line)}\n`);
  const { results, text } = await bench(plan, { say, signal: io.signal });
  io.stdout.write(`${text}\n`);
  if (results !== null && values.json !== undefined) await writeResults(values.json, results);
  if (results !== null && values.charts !== undefined) {
    await mkdir(values.charts, { recursive: true });
    for (const { name, svg } of charts(results.snapshots)) {
      await writeFile(join(values.charts, `${name}.svg`), svg);
    }
  }
  return 0;
}

const writeResults = (file: string, results: Results) =>
  writeFile(file, `${JSON.stringify(results, null, 1)}\n`);

function planOf(values: Given): BenchPlan {
  const modes = (['phases', 'scaling', 'boundary'] as const).filter((mode) => values[mode]);
  if (modes.length > 1)
    throw new UsageError(`--${modes[0]} and --${modes[1]} are two runs: give one of them`);
  const pythons = (['python', 'venv'] as const).filter((name) => values[name] !== undefined);
  if (pythons.length > 1) throw new UsageError('--python and --venv both name a Python: give one of them');
  const [mode = 'arms'] = modes;
  if (mode === 'boundary' && values.json !== undefined) {
    throw new UsageError('--boundary gives tables alone: leave --json out');
  }
  const [launcher = ''] = process.argv.slice(1);
  return {
    ...{
      mode,
      size: values.size,
      snapshots: values.snapshot,
      rounds: values.rounds,
      patience: values.patience,
    },
    ...{ threads: values.threads, memory: values.memory, arms: values.arms, stamps: values.stamps },
    ...{ python: values.python, venv: values.venv },
    installPythonPeers: values.installPythonPeers,
    data: values.data ?? join(tmpdir(), 'polyfeat-bench'),
    ...(values.startUp !== undefined && { startUp: { launcher, snapshot: values.startUp } }),
    command: commandOf(values),
  };
}

/** What repeats the run: the options that were given, without the folders of one machine. */
function commandOf(values: Given): string {
  const names = Object.entries(MEASURE_OPTIONS) as [keyof Given, (typeof MEASURE_OPTIONS)[keyof Given]][];
  const shown = names.flatMap(([key, { name, path, flag }]) => {
    const value = values[key];
    if (value === undefined || path || key === 'snapshot' || key === 'python') return [];
    if (flag) return [`--${name}`];
    const texts = [value].flat().map((one) => (typeof one === 'object' ? one.text : String(one)));
    return [`--${name} ${texts.join(',')}`];
  });
  const { snapshot, python, venv } = values;
  const places = [
    ...(snapshot === undefined ? [] : ['--snapshot DIR']),
    ...(python === undefined && venv === undefined ? [] : ['--python PYTHON']),
  ];
  return ['npx polyfeat-fast bench', ...shown, ...places].join(' ');
}

/** The package that measures is not among what the command line depends on: it brings the peers along. */
async function loadBench(): Promise<typeof import('@polyfeat/bench')> {
  try {
    return await import('@polyfeat/bench');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
    if (!missing || !String(cause).includes('@polyfeat/bench')) throw cause;
    throw new PolyfeatError(
      'NOT_FOUND',
      'bench needs the package @polyfeat/bench, which is not installed: npm install @polyfeat/bench',
      { cause },
    );
  }
}
