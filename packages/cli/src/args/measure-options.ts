import { parseSize, parseThreads } from '@polyfeat/core/snapshot';
import { UsageError } from '../usage-error.js';
import { choice, flag, reading, text } from './option.js';
import { COMMON_OPTIONS } from './options.js';
import { readNames, splitList } from './readers.js';

/** A positive number, whole where it counts something. */
function readPositive(value: string, whole: boolean): number {
  const number = Number(value);
  const fits = value.trim() !== '' && Number.isFinite(number) && number > 0;
  if (fits && (!whole || Number.isInteger(number))) return number;
  throw new UsageError(`"${value}" must be a ${whole ? 'whole ' : ''}number above 0`);
}

const listOf = <T>(
  name: string,
  metavar: string,
  help: string,
  read: (entry: string) => T,
  fallback?: string,
) =>
  reading({
    ...{ name, metavar, help, read: (value: string) => readNames(splitList(value)).map(read) },
    ...(fallback !== undefined && { fallback }),
  });

const { debug, help } = COMMON_OPTIONS;

/** The options of `bench`. */
export const MEASURE_OPTIONS = {
  size: choice({
    name: 'size',
    choices: ['S', 'M', 'L'],
    fallback: 'S',
    help: 'the snapshot that is made: trades × prints × tokens 100k × 1M × 5k, 1M × 10M × 20k, 10M × 100M × 50k',
  }),
  stamps: choice({
    name: 'stamps',
    choices: ['ms', 's'],
    fallback: 'ms',
    help: 'what its stamps are multiples of; s: whole seconds, with many equal stamps',
  }),
  snapshot: listOf('snapshot', 'DIR,…', 'measure these snapshots instead', (path) => path),
  data: text({
    name: 'data',
    metavar: 'DIR',
    path: true,
    fallback: 'polyfeat-bench in the folder for temporary files',
    help: 'where snapshots that are made are kept, and found again',
  }),
  arms: listOf(
    'arms',
    'NAME,…',
    'only these arms or groups (ours, typescript, peer, limit, compute)',
    (name) => name,
  ),
  rounds: reading({
    name: 'rounds',
    metavar: 'N',
    numeric: true,
    fallback: '5, of L 2',
    help: 'how often each arm is timed, in turn with the others',
    read: (value) => readPositive(value, true),
  }),
  patience: reading({
    name: 'patience',
    metavar: 'SECONDS',
    numeric: true,
    fallback: '8, of M and L 60',
    help: 'an arm whose first run takes longer is not run again: that run counts',
    read: (value) => readPositive(value, false),
  }),
  threads: listOf(
    ...(['threads', 'N,…', "native builds with so many; the last is everybody's"] as const),
    parseThreads,
    '1 and one per core',
  ),
  memory: listOf('memory', 'SIZE,…', 'also build within these bounds, such as 512M,1G', (size) => ({
    text: size,
    bytes: parseSize(size),
  })),
  python: text({
    name: 'python',
    metavar: 'PROGRAM',
    fallback: 'python3',
    help: 'a Python that may have peers',
  }),
  venv: text({ name: 'venv', metavar: 'DIR', path: true, help: 'a virtual environment that may have peers' }),
  installPythonPeers: flag({
    name: 'install-python-peers',
    help: 'install Polars, DuckDB, pyarrow and pandas 2 into an environment that is removed afterwards',
  }),
  phases: flag({ name: 'phases', help: 'where the time goes: our arms only, phase by phase' }),
  scaling: flag({
    name: 'scaling',
    help: 'how cost grows with prints, trades, tokens, windows and threads around --size',
  }),
  boundary: flag({ name: 'boundary', help: 'what a call from JavaScript costs beside the computing' }),
  json: text({ name: 'json', metavar: 'FILE', path: true, help: 'also write every measurement as JSON' }),
  charts: text({
    name: 'charts',
    metavar: 'DIR',
    path: true,
    help: 'also draw time, memory and phases as SVG',
  }),
  startUp: text({
    name: 'start-up',
    metavar: 'SNAPSHOT',
    path: true,
    help: 'also time the whole process on this small snapshot beside Node alone',
  }),
  debug,
  help,
};
