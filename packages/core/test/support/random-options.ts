/** Options of a build, drawn at random from what is allowed. */
import { parseDuration } from '../../src/duration.js';
import { type RuleOptions, type Rules, readRules } from '../../src/rules.js';
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

/**
 * Rules of visibility over the columns of a real snapshot. `tie: 'error'` is not among them: which of several rows is
 * refused is not said.
 */
export function randomRules(random: Random): Rules {
  const some = <T>(share: number, name: string, values: readonly T[]) =>
    random.chance(share) ? { [name]: random.pick(values) } : {};
  const bySequence = random.chance(0.15);
  const given = {
    preset: random.pick(['notebook', 'strict', 'strict', 'live'] as const),
    ...(bySequence
      ? { ties: 'sequence', sequence: random.pick([EVENTS, HASHES]) }
      : some(0.3, 'ties', ['include', 'exclude'])),
    ...some(0.3, 'resolution', ['auto', '1s', '1ms', '7s', '1500ms', '1ns']),
    ...some(0.3, 'availability', ['none', 'captured_at', 'ingested_at']),
    ...some(0.3, 'embargo', ['none', '0s', '1s', '1500ms', '3ns']),
    ...some(0.3, 'excludeSelf', ['none', 'auto', ['event_key'], ['transaction_hash', 'event_key']]),
    ...some(0.3, 'maxAge', ['none', '0s', '1s', '5m', '250ms']),
    ...some(0.3, 'tie', ['last', 'first']),
    ...some(0.3, 'direction', ['backward', 'forward', 'nearest']),
    ...some(0.3, 'closed', ['right', 'left', 'both', 'neither']),
    ...some(0.3, 'unknownToken', ['null', 'causal', 'zero']),
    ...some(0.3, 'regime', ['bucket', 'bucket-asof', 'trailing', 'prev-bucket']),
    ...some(0.5, 'proof', [true]),
    allowLookahead: true,
  };
  return readRules('rules', given as RuleOptions);
}

const EVENTS = { trades: 'event_key', tape: 'event_key' };
const HASHES = { trades: 'transaction_hash', tape: 'transaction_hash' };
