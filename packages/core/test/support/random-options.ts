/** Options of a build, drawn at random from what is allowed. */
import { parseDuration } from '../../src/duration.js';
import type { BuildRequest } from '../../src/types.js';
import type { Random } from './random.js';

const LENGTHS = [
  '1ns',
  '999ns',
  '1500us',
  '1ms',
  '250ms',
  '1s',
  '10s',
  '30s',
  '60s',
  '300s',
  '1h',
  '7d',
  '36500d',
];
const BUCKETS = ['1ms', '7ms', '250ms', '1s', '7s', '10s', '60s', '1h', '7d'];

/** Lengths of lags, windows and buckets, beside a choice of columns. */
export function randomOptions(random: Random): Partial<BuildRequest> {
  return {
    returns: random.some(LENGTHS).map(parseDuration),
    windows: random.some(LENGTHS).map(parseDuration),
    bucket: parseDuration(random.pick(BUCKETS)),
    columns: random.pick(['all', 'features', ['size', 'ts', 'event_key'], ['mid']] as const),
    compression: random.pick(['source', 'zstd', 'snappy', 'none'] as const),
  };
}
