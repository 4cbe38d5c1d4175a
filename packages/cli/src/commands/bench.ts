import { GENERATE_OPTIONS } from '../args/bench-options.js';
import { MEASURE_OPTIONS } from '../args/measure-options.js';
import { type AnyCommand, define } from './command.js';

/** The commands of `bench`, in the order of the help. */
export const BENCH_COMMANDS: readonly AnyCommand[] = [
  define({
    name: 'bench',
    usage: '',
    positionals: { min: 0, max: 0 },
    help: 'measure builds beside TypeScript, DuckDB, Polars and the limit of the machine',
    details:
      'Needs the package @polyfeat/bench, which brings the peers for Node along. Outputs are compared before anything\n' +
      'is timed; arms take turns; what cannot be run is listed with the reason. Tables go to standard output.',
    options: MEASURE_OPTIONS,
    load: async () => (await import('./bench-measure.js')).benchMeasure,
  }),
  define({
    name: 'bench generate',
    usage: 'OUT',
    positionals: { min: 1, max: 1 },
    help: 'write a snapshot to measure with: synthetic, or a real one many times over',
    details:
      'OUT is a folder that is new or empty. The same call writes the same bytes, with any number of threads.\n' +
      'COUNT is a whole number, also as in 100k or 1M; SHARE is a number from 0 to 1.\n' +
      'With --from a real snapshot is repeated: in time by whole days, as many as it lasts, rounded up; side by\n' +
      'side with token, market and condition ids and hashes of its own. The first copy is the snapshot itself.',
    options: GENERATE_OPTIONS,
    load: async () => (await import('./bench-generate.js')).benchGenerate,
  }),
];
